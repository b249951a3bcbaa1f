import type { Readable, Writable } from "node:stream";
import { type Clock, systemClock, visible } from "../core/index.ts";
import { type KeyRing, systemKeyRing } from "./user/session/key-ring.ts";

/** What surrounds a command: streams, environment, time. Injected, so that a test is a function call. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Of this program. */
  readonly version?: string;
  /** Where a login may keep its key; default: the system's. */
  readonly keyRing?: KeyRing;
}

/** This process' own. The standard input is opened when it is read: most commands never do. */
export const processTerminal = (version: string): Terminal => ({
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  clock: systemClock,
  version,
  keyRing: systemKeyRing(),
});

/**
 * Writes lines for the person: never on stdout, which belongs to the caller of the command. Here and in `show` whatever
 * a terminal would act on is made visible, since names and messages of others are in every output.
 */
export function notify(terminal: Terminal, ...lines: readonly string[]): void {
  for (const line of lines) terminal.stderr.write(`${visible(line)}\n`);
}

/** Writes a command's result. */
export function show(terminal: Terminal, ...lines: readonly string[]): void {
  for (const line of lines) terminal.stdout.write(`${visible(line)}\n`);
}

/** True when the cursor can be moved to write a line again in its place. */
export const canRedraw = ({ stderr, env }: Terminal): boolean => stderr.isTTY === true && env["TERM"] !== "dumb";

/** True when text on stderr may have another weight or colour (no-color.org). */
const hasColours = (terminal: Terminal): boolean => canRedraw(terminal) && !terminal.env["NO_COLOR"];

/** Writes a line for the person whose beginning stands out where the terminal can show that. */
export function notifyStrong(terminal: Terminal, strong: string, rest = ""): void {
  if (!hasColours(terminal)) return notify(terminal, strong + rest);
  terminal.stderr.write(`\u001b[1m${visible(strong)}\u001b[22m${visible(rest)}\n`);
}

/** Writes a picture of our own with colours; its text holds nothing of others. */
export function paint({ stderr }: Terminal, lines: readonly string[]): void {
  for (const line of lines) stderr.write(`    \u001b[97;40m${line}\u001b[0m\n`);
}

/** True when a person can be asked. */
export const isInteractive = ({ stdin, stderr }: Terminal): boolean => stdin.isTTY === true && stderr.isTTY === true;

/** Asks the person and answers one line, without its end; empty when the input ends. */
export const ask = async (terminal: Terminal, question: string): Promise<string> =>
  (await askUnlessEnded(terminal, question)) ?? "";

/** The same; nothing when the person leaves (Ctrl-C, Ctrl-D) or the input ends: that is not an empty answer. */
export async function askUnlessEnded(terminal: Terminal, question: string): Promise<string | undefined> {
  const { createInterface } = await import("node:readline/promises");
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  const ended = new Promise<undefined>((resolve) => lines.once("close", () => resolve(undefined)));
  try {
    // The answer itself, with nothing behind it: an input that ends with its line would else seem to have no answer.
    return await Promise.race([lines.question(visible(question)), ended]);
  } catch (problem) {
    return ifAborted(problem);
  } finally {
    lines.close();
  }
}

/** Ctrl-C, as readline says it. */
function ifAborted(problem: unknown): undefined {
  if (!(problem instanceof Error && problem.name === "AbortError")) throw problem;
}

/** A length of time as people say it: `45 s`, `4 min 59 s`, `2 h 5 min`, `3 d`. */
export function formatDuration(secs: number): string {
  const left = Math.max(0, Math.round(secs));
  if (left < 60) return `${left} s`;
  if (left < 3600) return `${Math.floor(left / 60)} min${left % 60 === 0 ? "" : ` ${left % 60} s`}`;
  if (left < 2 * 86_400) {
    const minutes = Math.floor((left % 3600) / 60);
    return `${Math.floor(left / 3600)} h${minutes === 0 ? "" : ` ${minutes} min`}`;
  }
  return `${Math.floor(left / 86_400)} d`;
}
