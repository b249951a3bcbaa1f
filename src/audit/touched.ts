import { existsSync, fstatSync, readSync, renameSync } from "node:fs";
import { basename } from "node:path";
import { type ChainSeal, type Link, type ReadEntry, readLine } from "./chain.ts";

/** No entry is longer. */
export const longestLine = 64 * 1024;

/** More than this somebody else did not write in passing. */
const mostBehind = 16 * 1024 * 1024;

/**
 * The last of the entries that somebody with our key wrote behind ours; `undefined` unless they are whole and follow each
 * other and ours.
 */
export function entriesBehind(
  fd: number,
  { from, to }: { readonly from: number; readonly to: number },
  ours: Link,
  seal: ChainSeal,
): ReadEntry | undefined {
  if (to <= from || to - from > mostBehind) return undefined;
  const text = readText(fd, from, to - from);
  if (!text.endsWith("\n")) return undefined;
  let [link, last]: [Link, ReadEntry | undefined] = [ours, undefined];
  for (const line of text.slice(0, -1).split("\n")) {
    const entry = readLine(seal, line);
    if (typeof entry === "string" || entry.seq !== link.seq + 1 || entry.prev !== link.hash) return undefined;
    [link, last] = [entry, entry];
  }
  return last;
}

/** Keeps files under another name, as evidence. Answers the name of the first, or that it was gone. */
export function setAside(path: string, files: readonly string[], now: string): string {
  const name = (n: number) => `.touched-${now.replaceAll(/[-:]/g, "")}${n === 0 ? "" : `-${n}`}`;
  let n = 0;
  while (existsSync(path + name(n))) n++;
  const aside = path + name(n);
  const kept = files.filter((file) => existsSync(file));
  for (const file of kept)
    renameSync(
      file,
      file.replace(path, () => aside),
    );
  return kept.includes(path) ? basename(aside) : "a file that was deleted";
}

/** The last whole line, the bytes up to its end, and those of an unfinished line after it. */
export function readTail(fd: number): { readonly text: string; readonly size: number; readonly torn: number } {
  const { size } = fstatSync(fd);
  const length = Math.min(size, 2 * longestLine);
  const text = readText(fd, size - length, length);
  const end = text.lastIndexOf("\n") + 1;
  const start = text.lastIndexOf("\n", end - 2) + 1;
  return { text: text.slice(start, Math.max(start, end - 1)), size: size - length + end, torn: length - end };
}

function readText(fd: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, from);
  return bytes.toString("latin1");
}
