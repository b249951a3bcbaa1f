import { createReadStream } from "node:fs";
import { Fault } from "../core/index.ts";
import { type ChainSeal, readLine } from "./chain.ts";

/** The first thing that `look` finds in the lines of a file, with its line; else what stands behind the last line. */
export async function firstIn<T>(
  file: string,
  look: (line: string) => T | undefined,
): Promise<{ readonly found: T; readonly line: number } | { readonly unfinished: string }> {
  let rest = "";
  let line = 0;
  try {
    for await (const chunk of createReadStream(file, { encoding: "latin1" })) {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const text of lines) {
        line++;
        const found = look(text);
        if (found !== undefined) return { found, line };
      }
    }
  } catch (cause) {
    throw new Fault("audit file", `reading ${file}`, { cause, retryable: false, message: "check the path" });
  }
  return { unfinished: rest };
}

/** An entry as it was written. */
export interface WrittenEntry {
  readonly time: string;
  readonly event: string;
  /** False: it does not bear our mark; somebody else wrote or changed it. */
  readonly whole: boolean;
  /** What is said with the event, in the order of the file. */
  readonly fields: readonly (readonly [name: string, value: unknown])[];
}

const ofTheChain = new Set(["seq", "prev", "hash", "time", "event"]);

/** Reads a file's entries, one after the other; what is no entry at all is left out. Throws `Fault` when it cannot be read. */
export async function readAuditFile(seal: ChainSeal, file: string, take: (entry: WrittenEntry) => void): Promise<void> {
  await firstIn(file, (line) => {
    const entry = objectIn(line);
    const { time, event } = entry;
    if (typeof time !== "string" || typeof event !== "string") return undefined;
    const fields = Object.entries(entry).filter(([name]) => !ofTheChain.has(name));
    take({ time, event, fields, whole: typeof readLine(seal, line) !== "string" });
    return undefined;
  });
}

function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
