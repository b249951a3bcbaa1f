import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { CommitId } from "../../src/core/index.ts";
import { git } from "./policy-repository.ts";

/** Somebody who has a clone of a repository, and plain git. */
export interface Colleague {
  /** Commits files on the newest of a branch, and pushes them there; answers the commit. */
  push(files: Readonly<Record<string, string>>, branch?: string): CommitId;
  /** Runs git in the clone, with what the repository has now. */
  git(...args: readonly string[]): string;
  end(): void;
}

/** A colleague whose origin is a folder. */
export function colleagueOf(folder: string): Colleague {
  const clone = mkdtempSync(join(tmpdir(), "cloudpass-clone-"));
  git(clone, ["init", "--quiet"]);
  git(clone, ["remote", "add", "origin", `file://${folder}`]);
  const run = (...args: readonly string[]) => {
    git(clone, ["fetch", "--quiet", "--prune", "origin"]);
    return git(clone, args);
  };
  return {
    push: (files, branch = "main") => {
      run("checkout", "--quiet", "--detach", `origin/${branch}`);
      for (const [file, text] of Object.entries(files)) {
        mkdirSync(dirname(join(clone, file)), { recursive: true });
        writeFileSync(join(clone, file), text);
      }
      git(clone, ["add", "."]);
      git(clone, ["commit", "--quiet", "--message", "by hand"]);
      git(clone, ["push", "--quiet", "origin", `HEAD:${branch}`]);
      return git(clone, ["rev-parse", "HEAD"]) as CommitId;
    },
    git: run,
    end: () => rmSync(clone, { recursive: true, force: true }),
  };
}
