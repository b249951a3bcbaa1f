import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Clock, Fault } from "../../core/index.ts";
import type { KeyHome } from "./key-home.ts";
import { documentAfter, type KeyDocument, keysAt, makeKey, readDocument, type StoredKey } from "./stored-key.ts";

type Time = Pick<Clock, "now" | "millis" | "sleep">;

/** A lock older than this was left behind by somebody who was killed: a change takes milliseconds. */
const lockLifeMillis = 10_000;
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
      const file = await open(path, "wx", 0o600).catch((cause: unknown) => {
        throw new Fault("key file", `creating ${path}`, { cause, retryable: false, says: "is there one already?" });
      });
      await writeAll(file, textOf(first));
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
      says: "make one with `cloudpass keys create`, or restore it",
    });
  });
  const document = readDocument(text);
  if (document) return document;
  throw new Fault("key file", `reading ${path}`, { retryable: false, says: "it is not a key file of version 2" });
}

/** Written beside, then renamed: a reader sees the old file or the new one. The owner stays: the broker must read it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  try {
    await rm(beside, { force: true }); // of somebody who was killed: nobody else is here, we have the lock
    const { uid, gid } = await stat(path);
    const file = await open(beside, "wx", 0o600);
    const made = await file.stat();
    if (made.uid !== uid || made.gid !== gid) await file.chown(uid, gid);
    await writeAll(file, text);
    await rename(beside, path);
    const folder = await open(dirname(path), "r");
    await folder.sync();
    await folder.close();
  } catch (cause) {
    await rm(beside, { force: true });
    const says = "its folder must be writable; run this as the owner of the file or as root";
    throw new Fault("key file", `replacing ${path}`, { cause, retryable: false, says });
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

/** One change at a time, over all processes that see the file. */
async function locked<T>(path: string, clock: Time, change: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  for (let waited = 0; ; waited += lockPauseMillis) {
    const file = await open(lock, "wx", 0o600).catch((cause: unknown) => lockProblem(lock, cause));
    if (file) {
      await writeAll(file, String(clock.millis()));
      break;
    }
    const since = Number(await readFile(lock, "utf8").catch(() => ""));
    if (since > 0 && clock.millis() - since > lockLifeMillis) await rm(lock, { force: true });
    else if (waited > lockLifeMillis) throw new Fault("key file", `changing ${path}`, { says: `${lock} does not go` });
    else await clock.sleep(lockPauseMillis);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}

/** `undefined` when somebody else has the lock. */
function lockProblem(lock: string, cause: unknown): undefined {
  if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return undefined;
  throw new Fault("key file", `locking ${lock}`, { cause, retryable: false, says: "its folder must be writable" });
}
