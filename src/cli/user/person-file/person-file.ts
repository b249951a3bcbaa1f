import { mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemRandom, token } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";

/** A text file of the person's, which other programs use, too. */
export interface PersonFile {
  /** Where it really lies: a symbolic link stays one. */
  readonly path: string;
  /** Empty where there is none yet. */
  readonly text: string;
}

/** Another program wrote the file since it was read. */
export class ChangedMeanwhile extends CommandFailure {
  constructor(path: string) {
    super(`${path} was changed by another program meanwhile`, {
      means: "Nothing was written.",
      fix: "run the same again",
    });
  }
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? "unknown error";

/** Reads a file that may not be there yet. */
export async function readPersonFile(path: string): Promise<PersonFile> {
  const real = await realpath(path).catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") return path;
    throw unusable(path, cause);
  });
  const text = await readFile(real, "utf8").catch((cause: unknown) => {
    if (codeOf(cause) === "ENOENT") return "";
    throw unusable(path, cause);
  });
  return { path: real, text };
}

/**
 * Gives the file another text, whole or not at all, with the mode that it had (a new one is private). Fails when somebody
 * else changed it since it was read. Holds the lock by which kubectl writes meanwhile.
 */
export async function replacePersonFile(before: PersonFile, text: string): Promise<void> {
  const { path } = before;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw unusable(path, cause);
  });
  const release = await lock(path);
  try {
    if ((await readPersonFile(path)).text !== before.text) {
      throw new ChangedMeanwhile(path);
    }
    await put(path, text);
  } finally {
    await release();
  }
}

async function put(path: string, text: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  const draft = join(dirname(path), `.${basename(path)}.${token(systemRandom, 8)}`);
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      if (found) await file.chmod(found.mode & 0o777);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => {});
    throw unusable(path, cause);
  }
}

/** kubectl's own lock: a file beside it. Whoever is killed leaves it, so it is named. */
async function lock(path: string): Promise<() => Promise<void>> {
  const name = `${path}.lock`;
  const file = await open(name, "wx", 0o600).catch((cause: unknown) => {
    if (codeOf(cause) !== "EEXIST") throw unusable(path, cause);
    throw new CommandFailure(`${path} is being written by another program`, {
      fix: `run the same again in a moment; if nothing is running, remove ${name}`,
      cause,
    });
  });
  await file.close();
  return () => rm(name, { force: true });
}

const unusable = (path: string, cause: unknown): CommandFailure =>
  new CommandFailure(`${path} cannot be used (${codeOf(cause)})`, {
    fix: "check its owner, its permissions and the space on the disk",
    cause,
  });
