import { type Instant, isoTime, type Seal } from "../core/index.ts";

/*
 * The chain: each entry carries its number, the hash of the one before it and its own, keyed with the master key. Who can
 * write the file but has no key can neither change, remove, reorder nor invent an entry; and the head, kept beside the
 * file and told to the log, says how far the chain went, so that a cut at the end is found too (S-68).
 */

/** How far a chain went: number and hash of its last entry. The first entry follows `origin`. */
export interface Link {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const origin: Link = { seq: 0, hash: "" };

/** The one secret the chain needs. */
export type ChainSeal = Pick<Seal, "hash" | "matches">;

const entryPurpose = "audit chain";
const headPurpose = "audit head";

/** An entry as its line (without the line's end), and where the chain is then. */
export function link(seal: ChainSeal, before: Link, entry: object): { readonly line: string; readonly link: Link } {
  const seq = before.seq + 1;
  const body = ascii(JSON.stringify({ seq, prev: before.hash, ...entry })).slice(0, -1);
  const hash = seal.hash(entryPurpose, body);
  return { line: `${body},"hash":"${hash}"}`, link: { seq, hash } };
}

/** An entry that was read back and bears our hash. */
export interface ReadEntry extends Link {
  readonly prev: string;
  readonly event: string;
  /** What a resumed chain said was missing, if anything. */
  readonly lost: string | undefined;
  /** The file after which a chain that somebody else wrote to went on in this one. */
  readonly aside: string | undefined;
}

const shape = /^(\{"seq":([1-9]\d{0,14}),"prev":"([\w-]*)",.*),"hash":"([\w-]{43})"\}$/;

/** Reads a line (as Latin-1: a line of ours is ASCII, so every byte counts). Answers what is wrong with it otherwise. */
export function readLine(seal: ChainSeal, line: string): ReadEntry | "not an entry" | "changed" {
  const [, body, seq, prev, hash] = shape.exec(line) ?? [];
  if (body === undefined || hash === undefined || prev === undefined) return "not an entry";
  if (!seal.matches(entryPurpose, body, hash)) return "changed";
  const { event, lost, aside } = JSON.parse(line) as { event: string; lost?: string; aside?: string };
  return { seq: Number(seq), prev, hash, event, lost, aside };
}

/** How far the chain went, with our mark under it. */
export interface Head extends Link {
  readonly time: string;
}

/** Bytes of a head in its file: always the same, so that it is replaced in place by one write. */
const headLength = 192;

/** A head as its file keeps it. */
export function writeHead(seal: ChainSeal, { seq, hash }: Link, now: Instant): string {
  const time = isoTime(now);
  const mac = seal.hash(headPurpose, headText({ seq, hash, time }));
  return `${JSON.stringify({ seq, hash, time, mac }).padEnd(headLength - 1)}\n`;
}

/** Reads a head; `undefined` when it does not bear our mark. */
export function readHead(seal: ChainSeal, text: string): Head | undefined {
  const [, seq, hash, time, mac] =
    /^\{"seq":(\d{1,15}),"hash":"([\w-]*)","time":"([\w:-]+)","mac":"([\w-]{43})"\}\s*$/.exec(text) ?? [];
  if (hash === undefined || time === undefined || mac === undefined) return undefined;
  const head = { seq: Number(seq), hash, time };
  return seal.matches(headPurpose, headText(head), mac) ? head : undefined;
}

const headText = ({ seq, hash, time }: Head): string => `${seq} ${hash} ${time}`;

/** JSON without anything but ASCII: no letter that looks like another, no text that runs backwards, in any viewer. */
const ascii = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
