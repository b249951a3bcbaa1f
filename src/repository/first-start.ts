import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Clock, Fault, type Random, token } from "../core/index.ts";
import type { Author } from "./commit-object.ts";
import { draftCommit, draftEmptyTree } from "./draft.ts";
import { gitFault, mustRun, type RunGit } from "./git.ts";
import { writeObjects } from "./new-object.ts";

/** What a repository is made of, or what it must be when it is there. */
interface FirstStart {
  readonly folder: string;
  readonly branch: string;
  readonly committer: Author;
  readonly clock: Clock;
  readonly random: Random;
  /** Git in a folder. */
  readonly gitIn: (folder: string) => RunGit;
}

/** `git merge-tree --write-tree` came with it; `core.fsync` with 2.36. */
const oldest = [2, 38] as const;
/** Hours after which what a start that died left behind is taken away. */
const leftBehindHours = 1;

const refuse = (operation: string, message: string): Fault =>
  new Fault("git", operation, { retryable: false, message });

/**
 * Makes the repository when there is none, or checks that the folder is one with the branch. It is made beside its place and
 * renamed, so that whoever is stopped leaves none or a whole one; of two that start at once, one makes it. Throws `Fault` with what to do.
 */
export async function makeOrCheck(start: FirstStart): Promise<void> {
  const { folder, branch } = start;
  if (!isBranchName(branch))
    throw refuse("opening the repository", `"${branch}" is no name of a branch. Choose one as main`);
  if (await isEmpty(folder)) await make(start);
  else await checkVersion(start.gitIn(folder));
  await check(start.gitIn(folder), folder, branch);
}

/** Plain names only: `git check-ref-format` allows more, and none of it is needed. */
const isBranchName = (branch: string): boolean =>
  /^[A-Za-z0-9][\w-]*([./][A-Za-z0-9][\w-]*)*$/.test(branch) && !/\.lock(\/|$)/.test(branch) && branch.length <= 200;

/** True when nothing is there, or a folder without anything. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    const message = code === "ENOTDIR" ? "it is a file. Name a folder" : "it cannot be read. Check its owner and mode";
    throw new Fault("git", `opening the repository ${folder}`, { cause, retryable: false, message });
  }
}

async function checkVersion(run: RunGit): Promise<void> {
  const said = (await mustRun(run, { args: ["version"] })).toString().trim();
  const [, major, minor] = /(\d+)\.(\d+)/.exec(said)?.map(Number) ?? [];
  if (major === undefined || minor === undefined || major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    throw refuse("opening the repository", `${said || "git"} is too old. Install git ${oldest.join(".")} or later`);
  }
}

async function check(run: RunGit, folder: string, branch: string): Promise<void> {
  const operation = `opening the repository ${folder}`;
  const { code, stdout, stderr } = await run({ args: ["rev-parse", "--is-bare-repository"] });
  if (code !== 0 && !/not a git repository/i.test(stderr)) throw gitFault(operation, stderr);
  if (code !== 0) throw refuse(operation, "something else is in the folder. Name another folder, or empty this one");
  if (stdout.toString().trim() !== "true") {
    throw refuse(operation, 'it has a work tree. Make a bare one of it ("git clone --bare"), or name another folder');
  }
  const found = await run({ args: ["show-ref", "--verify", "--quiet", `refs/heads/${branch}`] });
  if (found.code === 0) return;
  throw refuse(operation, `it has no branch ${branch}. Name one that it has, or push a first commit to it`);
}

async function make({ folder, branch, committer, clock, random, gitIn }: FirstStart): Promise<void> {
  const parent = dirname(folder);
  await asFault(folder, mkdir(parent, { recursive: true }));
  await removeLeftBehind(folder, clock);
  const beside = join(parent, `${basename(folder)}.new-${token(random, 6)}`);
  await asFault(folder, mkdir(beside, { mode: 0o700 }));
  try {
    const run = gitIn(beside);
    await checkVersion(run);
    await mustRun(run, {
      args: ["init", "--quiet", "--bare", "--object-format=sha1", "--template=", `--initial-branch=${branch}`, beside],
    });
    const message = { subject: "No policy files yet" };
    const making = { author: committer, committer, at: clock.now(), message };
    const first = draftCommit(draftEmptyTree("sha1"), [], making);
    await writeObjects(run, "sha1", first.objects);
    await mustRun(run, { args: ["update-ref", `refs/heads/${branch}`, first.id, ""] });
    await sync(beside);
    await rename(beside, folder).catch((cause: NodeJS.ErrnoException) => {
      // Somebody else was first; theirs is whole, too.
      if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
    });
    await sync(parent);
  } catch (cause) {
    throw cause instanceof Error && "syscall" in cause ? cannotMake(folder, cause) : cause;
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

const cannotMake = (folder: string, cause: unknown): Fault =>
  new Fault("git", `making the repository ${folder}`, {
    cause,
    retryable: false,
    message:
      "the folder around it cannot be written. Check its owner and mode, and that the disk has room; of a volume, name a folder inside it",
  });

const asFault = <T>(folder: string, done: Promise<T>): Promise<T> =>
  done.catch((cause: unknown) => {
    throw cannotMake(folder, cause);
  });

async function removeLeftBehind(folder: string, clock: Clock): Promise<void> {
  const parent = dirname(folder);
  const names = (await readdir(parent)).filter((name) => name.startsWith(`${basename(folder)}.new-`));
  for (const name of names) {
    const path = join(parent, name);
    const hours =
      (clock.millis() - (await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))).mtimeMs) / 3_600_000;
    if (hours > leftBehindHours) await rm(path, { recursive: true, force: true });
  }
}

async function sync(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
