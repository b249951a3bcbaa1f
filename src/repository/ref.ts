import { open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Clock, type CommitId, Fault, type Random } from "../core/index.ts";
import { commitIdOf } from "./commit-object.ts";
import { removeDeadLocks } from "./dead-lock-file.ts";
import { gitFault, type RunGit } from "./git.ts";
import type { Objects } from "./objects.ts";

/** How an attempt to move the branch ended: it is ours, somebody else was first, or somebody is writing just now. */
type Moved = "moved" | "stale" | "locked";

/** The branch of a repository: what decides between writers, in one process and in several. */
export interface Branch {
  /** The newest commit. Throws `Fault` when the branch is gone. */
  head(): Promise<CommitId>;
  /** Moves it from `before` to `next` if it still stands there. The answer is read back, not believed. */
  move(next: CommitId, before: CommitId): Promise<Moved>;
  /** True when `commit` is `of` or one of those it is built on. False when there is no such commit. */
  isIn(commit: CommitId, of: CommitId): Promise<boolean>;
}

/** What a branch needs. */
interface BranchDeps {
  readonly folder: string;
  readonly branch: string;
  readonly run: RunGit;
  readonly objects: Objects;
  readonly clock: Clock;
  readonly random: Random;
}

/** A branch of a repository. */
export function branchOf(deps: BranchDeps): Branch {
  const { folder, branch, run, objects } = deps;
  const ref = `refs/heads/${branch}`;
  const head = async (): Promise<CommitId> => {
    const found = await commitOfRef(folder, run, ref);
    if (found !== undefined) return found;
    const message = `the branch ${branch} is not in ${folder}. Bring it back ("git branch ${branch} <commit>")`;
    throw new Fault("git", "reading the head", { retryable: false, message });
  };
  const isIn = async (commit: CommitId, of: CommitId): Promise<boolean> => {
    if (await isNear(objects, commit, of)) return true;
    const { code, stderr } = await run({ args: ["merge-base", "--is-ancestor", commit, of] });
    if (code <= 1) return code === 0;
    if (/Not a valid commit name|not a commit|bad object/i.test(stderr)) return false;
    throw gitFault("merge-base", stderr);
  };
  const isOurs = async (next: CommitId, before: CommitId): Promise<boolean | CommitId> => {
    const now = await head();
    // Others may have gone on from ours already.
    return now === next || (now !== before && (await isIn(next, now))) ? true : now;
  };
  return {
    head,
    isIn,
    move: async (next, before) => {
      // The ref decides, not this; but most who come second need no start of a program to know.
      if ((await head()) !== before) return "stale";
      const call = { args: ["update-ref", ref, next, before] };
      // A call that was cut off may have done it.
      const answer = await run(call).catch((problem: unknown) => ({ code: -1, stderr: "", problem }));
      if (answer.code === 0) await syncFolder(dirname(join(folder, ref)));
      const found = await isOurs(next, before);
      if (found === true) return "moved";
      if ("problem" in answer) throw answer.problem;
      if (found !== before || answer.code === 0) return "stale";
      if (!/\.lock'?: File exists/.test(answer.stderr)) throw gitFault("update-ref", answer.stderr);
      await removeDeadLocks(folder, lockFiles(folder, ref), deps);
      return "locked";
    },
  };
}

/** Generations that are looked at in memory before git is asked. */
const near = 100;

/** True when a commit is among the last first parents: the usual case of a person whose page is some saves old. */
async function isNear(objects: Objects, commit: CommitId, of: CommitId): Promise<boolean> {
  let at: CommitId | undefined = of;
  for (let generation = 0; at !== undefined && generation < near; generation++) {
    if (at === commit) return true;
    at = (await objects.commit(at))?.parents[0];
  }
  return false;
}

/**
 * The commit of a ref of exactly this name. Where git is asked for objects, a branch that somebody called `refs/heads/main` would do for
 * a missing `main`. Git is asked only when the ref is packed, as `git gc` leaves it.
 */
export async function commitOfRef(folder: string, run: RunGit, ref: string): Promise<CommitId | undefined> {
  const loose = commitIdOf((await readFile(join(folder, ref), "latin1").catch(() => "")).trimEnd());
  if (loose !== undefined) return loose;
  const { code, stdout, stderr } = await run({ args: ["show-ref", "--verify", "--hash", ref] });
  if (code !== 0 && !/not a valid ref/.test(stderr)) throw gitFault("show-ref", stderr);
  return commitIdOf(stdout.toString("latin1").trim());
}

/** What git locks when it moves a branch. */
const lockFiles = (folder: string, ref: string): string[] =>
  ["HEAD", ref, "packed-refs"].map((name) => join(folder, `${name}.lock`));

/** The rename of a ref is on the disk when its folder is; git leaves that to the file system. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  if (folder === undefined) return;
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
