import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { CommandFailure, plain } from "../failure.ts";

const run = promisify(execFile);
const longestMs = 20_000;

/** Asks git about a folder. Settings by which a repository starts programs of its own are switched off. */
async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "--no-pager"];
  const options = { cwd: folder, timeout: longestMs, maxBuffer: 64 * 1024 * 1024 };
  return (await run("git", [...safe, ...args], options)).stdout;
}

/** The commit that last wrote each line of a file; nothing outside a repository or for lines not committed yet. */
export async function commitsOf(file: string): Promise<(line: number) => string | undefined> {
  const blame = ["blame", "--porcelain", "--no-textconv", "--", basename(file)];
  const said = await git(dirname(file), ...blame).catch(() => "");
  const commits = new Map<number, string>();
  for (const line of said.split("\n")) {
    const [, commit, number] = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line) ?? [];
    if (commit !== undefined && !/^0+$/.test(commit)) commits.set(Number(number), commit.slice(0, 12));
  }
  return (line) => commits.get(line);
}

/** The YAML files of these paths as a commit, branch or tag holds them. */
export async function filesAt(ref: string, paths: readonly string[]): Promise<{ file: string; text: string }[]> {
  const found = await Promise.all(paths.map((path) => filesOf(ref, path)));
  if (found.flat().length > 0) return found.flat();
  throw new CommandFailure(`${plain(ref)} holds no policy file`, { fix: "check the ref and the paths" });
}

async function filesOf(ref: string, path: string): Promise<{ file: string; text: string }[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const [folder, only] = isFolder ? [path, "."] : [dirname(path), basename(path)];
  const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const commit = await git(folder, ...asked).catch((cause: unknown) => {
    const means = "It must be a commit, branch or tag of the repository that holds the policy files.";
    throw new CommandFailure(`git knows no "${plain(ref)}"`, { means, cause });
  });
  const names = (await git(folder, "ls-tree", "-z", "--name-only", commit.trim(), "--", only === "." ? "./" : only))
    .split("\0")
    .filter((name) => /\.ya?ml$/.test(name));
  return Promise.all(
    names.map(async (name) => ({
      file: join(folder, name),
      text: await git(folder, "cat-file", "blob", `${commit.trim()}:./${name}`),
    })),
  );
}
