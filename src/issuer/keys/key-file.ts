import { type FileHandle, link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pid } from "node:process";
import { type Clock, Fault, isoTime } from "../../core/index.ts";
import { type FileLock, lockFile } from "../../files/index.ts";
import type { KeyHome } from "./key-home.ts";
import { documentAfter, type KeyDocument, keysAt, makeKey, readDocument, type StoredKey } from "./stored-key.ts";

type Time = Pick<Clock, "now" | "millis" | "sleep">;

/** A change takes milliseconds. */
const longestChangeMillis = 10_000;
const lockPauseMillis = 50;

/** A key set in a file that only we may read, replaced as a whole. */
export function keyFileHome(path: string, clock: Time): KeyHome {
  return {
    name: "key file",
    read: () => readAt(path),
    replace: (known, next) =>
      locked(path, clock, async () => {
        const present = await readAt(path);
        if (present.revision !== known.revision) return false;
        await replaceFile(path, textOf(next));
        return true;
      }),
    create: async (first) => {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await locked(path, clock, () => createWhole(path, textOf(first)));
    },
  };
}

/** Writes a new key file with one active key for each use. Refuses to touch one that is there. */
export async function createKeyFile(path: string, clock: Time): Promise<readonly StoredKey[]> {
  const keys = await firstKeys(clock);
  await keyFileHome(path, clock).create(documentAfter(undefined, keys, clock.now()));
  return keysAt(keys, clock.now());
}

/** One new active key for each use. */
export const firstKeys = async (clock: Pick<Clock, "now">): Promise<readonly StoredKey[]> => [
  await makeKey("token", "active", clock),
  await makeKey("client", "active", clock),
];

const textOf = (document: KeyDocument): string => `${JSON.stringify(document, undefined, 2)}\n`;

async function readAt(path: string): Promise<KeyDocument> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Fault("key file", `reading ${path}`, {
      cause,
      retryable: false,
      message: "make one with `cloudpass keys create`, or restore it",
    });
  });
  const document = readDocument(text);
  if (document) return document;
  throw new Fault("key file", `reading ${path}`, { retryable: false, message: "it is not a key file of version 2" });
}

/** Written beside, then renamed: a reader sees the old file or the new one. The owner stays: the broker must read it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  try {
    await rm(fresh, { force: true }); // of somebody who was killed: nobody else is here, we have the lock
    const { uid, gid } = await stat(path);
    const file = await open(fresh, "wx", 0o600);
    const made = await file.stat();
    if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
    await writeAll(file, text);
    await rename(fresh, path);
    const folder = await open(dirname(path), "r");
    await folder.sync();
    await folder.close();
  } catch (cause) {
    await rm(fresh, { force: true });
    const message = "its folder must be writable; run this as the owner of the file or as root";
    throw new Fault("key file", `replacing ${path}`, { cause, retryable: false, message });
  }
}

/** Beside, then linked: nobody reads half a file, and one that is there is not touched. */
async function createWhole(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  try {
    await rm(fresh, { force: true });
    await writeAll(await open(fresh, "wx", 0o600), text);
    await link(fresh, path);
  } catch (cause) {
    throw new Fault("key file", `creating ${path}`, { cause, retryable: false, message: "is there one already?" });
  } finally {
    await rm(fresh, { force: true });
  }
}

async function writeAll(file: FileHandle, text: string): Promise<void> {
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** One change at a time, over all processes that see the file (S-82). */
async function locked<T>(path: string, clock: Time, change: () => Promise<T>): Promise<T> {
  const lock = await takeLock(path, clock);
  try {
    return await change();
  } finally {
    lock.release();
  }
}

async function takeLock(path: string, clock: Time): Promise<FileLock> {
  for (let waited = 0; ; waited += lockPauseMillis) {
    const lock = lockFile(`${path}.lock`, `process ${pid}, since ${isoTime(clock.now())}`);
    if (lock.ok) return lock.value;
    if (waited > longestChangeMillis)
      throw new Fault("key file", `changing ${path}`, { message: `${lock.refusal} has it` });
    await clock.sleep(lockPauseMillis);
  }
}
