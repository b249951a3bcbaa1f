import { readFileSync } from "node:fs";
import { type ChainSeal, type Head, type Link, origin, readHead, readLine } from "./chain.ts";
import { headPath } from "./chained-file.ts";
import { firstIn } from "./lines.ts";

/** The first thing that is wrong with a chain. */
export interface Breach {
  readonly file: string;
  /** Line in that file, from 1; absent when it is about the end. */
  readonly line?: number;
  /** Number of the entry that is wrong or missing first. */
  readonly seq: number;
  readonly message: string;
}

/** What verifying found. */
export interface Verdict {
  /** Entries that are whole, up to the breach if there is one. */
  readonly entries: number;
  readonly last: Link;
  readonly breach?: Breach;
}

/**
 * Verifies a chain in one file, or in several in their order. The head is read first: a broker may be writing, and the
 * chain may then be longer than its head, never shorter. `witnesses` are heads kept elsewhere (the broker's log): the
 * chain must have gone through them. Throws `Fault` when a file cannot be read.
 */
export async function verifyAuditFiles(
  seal: ChainSeal,
  files: readonly string[],
  witnesses: readonly Link[] = [],
): Promise<Verdict> {
  const last = files.at(-1) ?? "";
  const head = readHead(seal, readOrNothing(headPath(last)));
  const check = new ChainCheck(seal, [...(head ? [head] : []), ...witnesses]);
  for (const file of files) {
    const breach = await readLines(file, check);
    if (breach) return { entries: check.link.seq, last: check.link, breach };
  }
  const message = head ? check.missing() : noHead;
  const breach = message === undefined ? {} : { breach: { file: last, seq: check.link.seq + 1, message } };
  return { entries: check.link.seq, last: check.link, ...breach };
}

/** Whether a chain, in these files, went through a head. Throws `Fault` when a file cannot be read. */
export async function goesThrough(seal: ChainSeal, files: readonly string[], head: Link): Promise<boolean> {
  for (const file of files) {
    const found = await firstIn(file, (line) => {
      if (!line.startsWith(`{"seq":${head.seq},`)) return undefined;
      const entry = readLine(seal, line);
      return typeof entry !== "string" && entry.hash === head.hash ? true : undefined;
    });
    if ("found" in found) return true;
  }
  return false;
}

const noHead = "its head is missing or was changed: whether entries are missing at the end cannot be told";

/** Verifies a chain that is in memory. */
export function verifyAuditText(seal: ChainSeal, text: string, head: Head | undefined): Verdict {
  const check = new ChainCheck(seal, head ? [head] : []);
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  for (const [at, line] of lines.entries()) {
    const message = check.line(line);
    if (message !== undefined) return verdict(check, message, at + 1);
  }
  const message = rest === "" ? (head ? check.missing() : noHead) : unfinished(rest);
  return message === undefined ? { entries: check.link.seq, last: check.link } : verdict(check, message);
}

const verdict = (check: ChainCheck, message: string, line?: number): Verdict => ({
  entries: check.link.seq,
  last: check.link,
  breach: { file: "", seq: check.link.seq + 1, message, ...(line !== undefined && { line }) },
});

const unfinished = (rest: string): string =>
  `an unfinished line of ${rest.length} bytes at the end: the broker was killed while writing, and has not started again since`;

/** Follows a chain line by line. */
class ChainCheck {
  link: Link = origin;
  readonly #seal: ChainSeal;
  readonly #heads: ReadonlyMap<number, readonly Link[]>;
  readonly #furthest: number;

  constructor(seal: ChainSeal, heads: readonly Link[]) {
    this.#seal = seal;
    this.#heads = Map.groupBy(heads, (h) => h.seq);
    this.#furthest = Math.max(0, ...heads.map((h) => h.seq));
  }

  /** What is wrong with the next line, if anything. */
  line(text: string): string | undefined {
    const entry = readLine(this.#seal, text);
    if (entry === "not an entry") return "is not an entry of an audit chain";
    if (entry === "changed") return "was changed, or was written with another master key";
    const expected = this.link.seq + 1;
    const { aside } = entry;
    if (aside !== undefined && entry.seq !== expected) return touchedMessage(entry.seq, expected, aside);
    if (entry.seq > expected) return `is entry ${entry.seq}: ${entries(expected, entry.seq - 1)} missing before it`;
    if (entry.seq < expected) return `is entry ${entry.seq}, which stands before it: repeated or moved`;
    if (entry.prev !== this.link.hash) return "does not follow the entry before it: it is of another chain";
    if (entry.lost !== undefined) return `says that ${entry.lost} missing when the broker started`;
    const heads = this.#heads.get(entry.seq) ?? [];
    if (heads.some((h) => h.hash !== entry.hash)) return "is not the one that the head names: it is of another chain";
    this.link = entry;
    return undefined;
  }

  /** What is missing at the end, by the heads. */
  missing(): string | undefined {
    const { seq } = this.link;
    return this.#furthest > seq ? `${entries(seq + 1, this.#furthest)} missing at the end` : undefined;
  }
}

/** A broker found that somebody else had written to its file, kept that one, and went on in this one. */
const touchedMessage = (seq: number, expected: number, aside: string): string =>
  seq > expected
    ? `is entry ${seq}: ${entries(expected, seq - 1)} missing before it; the file before, which somebody else wrote to, is ${aside}: verify both, that one first`
    : `is entry ${seq} for the second time: two brokers wrote to one file, and this one went on by itself after ${aside}`;

/** "entry 7 is", "entries 7 to 9 are" */
const entries = (from: number, to: number): string =>
  from === to ? `entry ${from} is` : `entries ${from} to ${to} are`;

async function readLines(file: string, check: ChainCheck): Promise<Breach | undefined> {
  const first = await firstIn(file, (text) => check.line(text));
  const at = { file, seq: check.link.seq + 1 };
  if ("found" in first) return { ...at, line: first.line, message: first.found };
  return first.unfinished === "" ? undefined : { ...at, message: unfinished(first.unfinished) };
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return ""; // said as: the head is missing
  }
}
