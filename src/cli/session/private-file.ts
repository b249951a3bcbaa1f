import { type FileHandle, open } from "node:fs/promises";
import { CommandFailure } from "../failure.ts";

/**
 * Reads a file that is ours alone; `undefined` when there is none (S-14, decision 0055). One of another user's is refused:
 * whoever laid it there chose whose login it is. One that others may read is made private again, and that is said.
 */
export async function readPrivate(
  path: string,
  notice: (says: string) => void,
  me = process.getuid?.(),
): Promise<string | undefined> {
  const file = await open(path, "r").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw cause;
  });
  if (file === undefined) return undefined;
  try {
    await makePrivate(file, path, notice, me);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

const ofOthers = 0o077;

async function makePrivate(
  file: FileHandle,
  path: string,
  notice: (says: string) => void,
  me: number | undefined,
): Promise<void> {
  if (me === undefined) return; // a system without owners of files
  const { mode, uid } = await file.stat();
  if (uid !== me && me !== 0) {
    throw new CommandFailure(`${path} belongs to another user (uid ${uid})`, {
      means: "A login that somebody else laid there is not yours; it is not used.",
      fix: "remove it, then log in again",
    });
  }
  if ((mode & ofOthers) === 0) return;
  await file.chmod(0o600);
  notice(
    `cloudpass: ${path} could be read by others on this machine, and is private again. If somebody may have read it, run: cloudpass logout`,
  );
}
