import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { mkdir, readFile, realpath } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { atEndOfTurn } from "../../../core/index.ts";
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

/** What is written. */
interface Writing {
  /** It holds a secret: nobody else may read it, whatever its mode was. */
  readonly isSecret?: boolean;
}

/**
 * Gives the file another text, whole or not at all, with the mode that it had (a new one is private). Fails when somebody
 * else changed it since it was read. Holds the lock by which kubectl writes meanwhile. A signal waits for the end; after a
 * kill the old text is there or the new one, and the next write goes on.
 */
export async function replacePersonFile(before: PersonFile, text: string, writing: Writing = {}): Promise<void> {
  const { path } = before;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    throw unusable(path, cause);
  });
  await undisturbed(() => {
    const release = lock(path);
    try {
      if (textOf(path) !== before.text) throw new ChangedMeanwhile(path);
      put(path, text, writing);
    } finally {
      release();
    }
  });
}

const ending = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Does something at once, and only then what a signal asks that came meanwhile. */
async function undisturbed(act: () => void): Promise<void> {
  let came: NodeJS.Signals | undefined;
  const wait = (signal: NodeJS.Signals): void => {
    came = signal;
  };
  for (const signal of ending) process.on(signal, wait);
  try {
    act();
    await new Promise<void>((resolve) => atEndOfTurn(resolve));
  } finally {
    for (const signal of ending) process.off(signal, wait);
    if (came !== undefined) process.kill(process.pid, came);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return "";
    throw unusable(path, cause);
  }
}

/** The draft has the same name each time: what a kill left of one is gone with the next. */
function put(path: string, text: string, { isSecret = false }: Writing): void {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600) & (isSecret ? 0o700 : 0o777);
  const draft = join(dirname(path), `.${basename(path)}.cloudpass`);
  try {
    rmSync(draft, { force: true });
    const file = openSync(draft, "wx", 0o600);
    try {
      fchmodSync(file, mode);
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (cause) {
    rmSync(draft, { force: true });
    throw unusable(path, cause);
  }
}

/** kubectl's own lock: a file beside it. Ours says whose it is, so that one whose process is gone holds up nobody. */
function lock(path: string): () => void {
  const name = `${path}.lock`;
  const mine = `cloudpass ${process.pid} ${hostname()}\n`;
  const take = (): void => writeFileSync(name, mine, { mode: 0o600, flag: "wx" });
  try {
    if (isLeft(name)) rmSync(name, { force: true });
    take();
  } catch (cause) {
    if (codeOf(cause) !== "EEXIST") throw unusable(path, cause);
    throw new CommandFailure(`${path} is being written by another program`, {
      fix: `run the same again in a moment; if nothing is running, remove ${name}`,
      cause,
    });
  }
  return () => rmSync(name, { force: true });
}

/** True for a lock of a cloudpass on this machine that ended without taking it away. */
function isLeft(name: string): boolean {
  const [, pid, host] = /^cloudpass (\d+) (\S+)\n$/.exec(textOf(name)) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (cause) {
    return codeOf(cause) === "ESRCH";
  }
}

const unusable = (path: string, cause: unknown): CommandFailure =>
  new CommandFailure(`${path} cannot be used (${codeOf(cause)})`, {
    fix: "check its owner, its permissions and the space on the disk",
    cause,
  });
