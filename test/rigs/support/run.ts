import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { guard, unguard } from "./guard.ts";
import { identify } from "./process-identity.ts";

/** How to run a command. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Also append what it prints to this file. */
  readonly logFile?: string;
  /** Give way to others on the machine: for builds. */
  readonly nice?: boolean;
}

/** Runs a command to its end and gives its standard output; a failure says the last lines that it printed. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file, rest] = options.nice === true ? ["nice", ["-n", "10", command, ...args]] : [command, [...args]];
  const child = spawn(file, rest, {
    cwd: options.cwd,
    detached: true,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const all: Buffer[] = [];
  const keep = (part: Buffer) => {
    all.push(part);
    if (options.logFile !== undefined) appendFileSync(options.logFile, part);
  };
  child.stdout.on("data", (part: Buffer) => {
    out.push(part);
    keep(part);
  });
  child.stderr.on("data", keep);
  // A build must not go on in a folder whose lock was freed by the death of this process.
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (identity !== undefined) guard(identity);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (identity !== undefined) unguard(identity);
  if (code === 0) return Buffer.concat(out).toString("utf8");
  const last = Buffer.concat(all).toString("utf8").trimEnd().split("\n").slice(-15).join("\n  ");
  throw new Error(`The command "${[command, ...args].join(" ")}" failed with exit code ${code}:\n  ${last}`);
}
