import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const MOST_BYTES = 64 * 1024;

/** The last lines of a log file; a file that is not there has none. */
export function lastLines(file: string, count: number): string[] {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch {
    return [];
  }
  try {
    const size = fstatSync(handle).size;
    const buffer = Buffer.alloc(Math.min(size, MOST_BYTES));
    readSync(handle, buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString("utf8").trimEnd().split("\n").slice(-count);
  } finally {
    closeSync(handle);
  }
}
