import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, type CommitId, systemClock } from "../../src/core/index.ts";
import {
  openRepository,
  type Repository,
  type RepositoryDeps,
  type RepositorySettings,
} from "../../src/repository/index.ts";

/** The product, as commits of tests name it. */
export const committer = { name: "cloudpass", email: "cloudpass@example.org" };
/** A person who changes files. */
export const maria = { name: "Maria Meier", email: "maria@customer-a.example" };

const made: string[] = [];

/** Takes away what `newFolder` gave: a thousand saves are some thousands of files. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder's name that nobody has used. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cloudpass-repository-"));
  made.push(folder);
  return join(folder, "policies.git");
}

/** Opens a repository with what tests mostly want. */
export const openAt = (
  folder: string,
  settings: Partial<RepositorySettings> = {},
  deps: Partial<RepositoryDeps> & { readonly clock?: Clock } = {},
): Promise<Repository> =>
  openRepository({ folder, branch: "main", committer, ...settings }, { clock: systemClock, ...deps });

/** Git as a person has it, without that person's configuration. Answers what it printed. */
export function git(folder: string, args: readonly string[], input: string | Buffer = ""): string {
  const { status, stdout, stderr } = spawnSync("git", args, {
    cwd: folder,
    input,
    env: {
      ...process.env,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Otto",
      GIT_AUTHOR_EMAIL: "otto@operator.example",
      GIT_COMMITTER_NAME: "Otto",
      GIT_COMMITTER_EMAIL: "otto@operator.example",
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.toString().trim();
}

/** One line of a tree as `git mktree` reads it. */
export interface Line {
  readonly mode: string;
  readonly type: "blob" | "tree" | "commit";
  readonly id: string;
  readonly name: string;
}

/** Commits a tree of these lines to the branch, whatever they are: what a hostile push may hold. */
export function commitRaw(folder: string, lines: readonly Line[], branch = "main"): CommitId {
  const text = lines.map(({ mode, type, id, name }) => `${mode} ${type} ${id}\t${name}\0`).join("");
  const tree = git(folder, ["mktree", "-z", "--missing"], text);
  const commit = git(folder, ["commit-tree", "-p", branch, "-m", "raw", tree]);
  git(folder, ["update-ref", `refs/heads/${branch}`, commit]);
  return commit as CommitId;
}

/** Writes a blob and answers its id. */
export const blob = (folder: string, text: string | Buffer): string =>
  git(folder, ["hash-object", "-w", "--stdin"], text);
