import { type FileHandle, open } from "node:fs/promises";
import { CommandFailure } from "../../failure.ts";

/**
 * Reads a file that is ours alone; `undefined` when there is none (S-14, decision 0055). One of another user's is refused:
 * whoever laid it there chose whose login it is. One that others may read is made private again, and that is said.
 */
export async function readPrivate(
  path: string,
  notice: (message: string) => void,
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
const root = 0;

async function makePrivate(
  file: FileHandle,
  path: string,
  notice: (message: string) => void,
  me: number | undefined,
): Promise<void> {
  if (me === undefined) return; // a system without owners of files
  const { mode, uid } = await file.stat();
  // Root's is not refused: root needs no trick, and is at times the person with sudo.
  if (uid !== me && uid !== root && me !== root) {
    throw new CommandFailure(`${path} belongs to another user (uid ${uid})`, {
      means: "A login that somebody else laid there is not yours; it is not used.",
      fix: "remove it, then log in again",
    });
  }
  if ((mode & ofOthers) === 0) return;
  const mended = await file.chmod(0o600).then(
    () => "and is private again",
    () => `and cannot be made private; use chmod 600 ${path}`,
  );
  notice(
    `cloudpass: ${path} could be read by others on this machine, ${mended}. If somebody may have read it, run: cloudpass logout`,
  );
}
