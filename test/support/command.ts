import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a command was started and what it left. */
export interface CommandRun {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number | null;
}

/** What may differ from this process. */
export interface CommandWish {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Options of Node, before the program. */
  readonly node?: readonly string[];
  /** Another Node. */
  readonly binary?: string;
  /** Another user, by number. */
  readonly uid?: number;
  /** Sees everything said on stderr so far. */
  readonly onText?: (err: string) => void;
}

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** Runs the `cloudpass` command as a process of its own, with this environment and no more than a PATH besides. */
export function runCommand(args: readonly string[], wish: CommandWish): Promise<CommandRun> {
  const child = spawn(wish.binary ?? process.execPath, [...(wish.node ?? []), main, ...args], {
    env: { PATH: process.env["PATH"], ...wish.env },
    ...(wish.cwd !== undefined && { cwd: wish.cwd }),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    ...(wish.uid !== undefined && { uid: wish.uid, gid: wish.uid }),
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (text) => {
    out += String(text);
  });
  child.stderr.on("data", (text) => {
    err += String(text);
    wish.onText?.(err);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ out, err, exitCode }));
  });
}
