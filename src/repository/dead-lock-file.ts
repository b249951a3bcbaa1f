import { link, readdir, readFile, readlink, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, type Random, token } from "../core/index.ts";

/*
 * Git locks a ref by a file beside it, for milliseconds. Who is killed within them leaves the file, and nobody writes any more:
 * git itself never takes it away. It says nothing of its holder, so we look: it is old, and no git is at work in the repository.
 * Should a holder wake up all the same (a machine that slept), it renames another's lock or none. Every writer of ours reads
 * the ref back, so that none believes itself to have written what is not there.
 */

/** Seconds after which a lock is old. */
const deadAfter = 10;
/** Where nobody can be looked for (no /proc): seconds after which a lock is taken for dead by its age alone. */
const deadUnseen = 600;

/** Takes dead locks away among these files. One that somebody may hold stays. */
export async function removeDeadLocks(
  folder: string,
  paths: readonly string[],
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<void> {
  for (const path of paths) {
    const lock = await stat(path).catch(() => undefined);
    if (lock === undefined) continue;
    const age = (clock.millis() - lock.mtimeMs) / 1000;
    const isDead = age > deadAfter && !(await isHeld(folder, age));
    if (isDead) await takeAway(path, lock.ino, `${path}.dead-${token(random, 6)}`);
  }
}

/** Renames before it removes: between looking and acting somebody may have taken the dead lock away and hold a new one. */
async function takeAway(path: string, ino: number, aside: string): Promise<void> {
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  const isOther = (await stat(aside)).ino !== ino;
  if (isOther) await link(aside, path).catch(() => undefined);
  await unlink(aside);
}

async function isHeld(folder: string, age: number): Promise<boolean> {
  const pids = await readdir("/proc").catch(() => undefined);
  if (pids === undefined) return age <= deadUnseen;
  const held = await Promise.all(pids.filter((pid) => /^\d+$/.test(pid)).map((pid) => isAtWork(pid, folder)));
  return held.includes(true);
}

/** True for a git that may be writing there. One of whom we may not know where it works is taken for one. */
async function isAtWork(pid: string, folder: string): Promise<boolean> {
  const name = await readFile(join("/proc", pid, "comm"), "utf8").catch(() => "");
  if (!name.startsWith("git")) return false;
  const command = await readFile(join("/proc", pid, "cmdline"), "utf8").catch(() => "");
  // Those stay for hours and only read.
  if (command.split("\0").includes("cat-file")) return false;
  if (command.includes(folder)) return true;
  return readlink(join("/proc", pid, "cwd")).then(
    (at) => at === folder || at.startsWith(`${folder}/`),
    (problem: NodeJS.ErrnoException) => problem.code !== "ENOENT",
  );
}
