/** Names within each other, from the outside in: a project in a domain, a group in a group. */
export interface Path {
  readonly path: readonly string[];
  /** Begins at the top: its text begins with a slash. */
  readonly rooted?: true;
}

/** A name that would read as a word of its kind's keys, such as a client that is called `realm`: always in quotes. */
export interface Quoted {
  readonly quoted: string;
}

/** One part of a key. */
export type KeyPart = string | Path | Quoted;

/**
 * What a resource is called among its kind: one name, or several parts, the owner first. Several names never stand in
 * one text that is split again: `a` with `b c` and `a b` with `c` are two keys.
 */
export type Key = KeyPart | readonly KeyPart[];

/** The names of a kind's keys, for reading their text. All keys of a kind have one shape. */
export type KeyShape = readonly ("name" | "path" | "rooted")[];

const isPath = (part: KeyPart): part is Path => typeof part === "object" && "path" in part;
const partsOf = (key: Exclude<Key, string>): readonly KeyPart[] =>
  Array.isArray(key) ? (key as readonly KeyPart[]) : [key as KeyPart];

/**
 * The text of a key, for plans, ownership records and people: the one place where a key becomes a text. Two keys of one
 * kind never have the same. A name stands in quotes, as a JSON string, where it would not be read back as it is: with a
 * blank in it before the last part, with a slash in it within a path, empty, or with a quote at its beginning.
 */
export function formatKey(key: Key): string {
  if (typeof key === "string") return key;
  const parts = partsOf(key);
  return parts.map((part, i) => formatPart(part, i === parts.length - 1)).join(" ");
}

function formatPart(part: KeyPart, last: boolean): string {
  if (typeof part === "string") return last ? quoted(part, /^"/) : quoted(part, /^"| |^$/);
  if (!isPath(part)) return JSON.stringify(part.quoted);
  const ends = last ? /^"|\/|^$/ : /^"|\/| |^$/;
  return (part.rooted ? "/" : "") + part.path.map((name) => quoted(name, ends)).join("/");
}

const quoted = (name: string, where: RegExp): string => (where.test(name) ? JSON.stringify(name) : name);

/** The names in a key of one part: itself, or those of its path. */
export const namesIn = (key: Key): readonly string[] =>
  typeof key === "string"
    ? [key]
    : partsOf(key).flatMap((part) => (typeof part === "object" && isPath(part) ? part.path : []));

/** True when a name, as text, is that of a key, or of what owns it: a client's covers its mappers. */
export function covers(name: string, key: Key): boolean {
  if (typeof key === "string") return key === name;
  const parts = partsOf(key);
  const owners = parts.map((_, i) => parts.slice(0, i + 1));
  // Without quotes as well: it was typed into a file.
  return owners.some((owner) => [formatKey(owner), formatKeyOf010(owner)].includes(name));
}

/** Tells of the text of a key, also one of release 0.1.0, whether it may begin with this owner: for looking, not for deciding. */
export function ownedBy(owner: string): (text: string) => boolean {
  const beginnings = [formatKey([owner, "x"]), formatKeyOf010([owner, "x"])].map((example) => example.slice(0, -1));
  return (text) => beginnings.some((beginning) => text.startsWith(beginning));
}

/** The text that release 0.1.0 gave a key: its names without quotes, so that two keys could have the same. */
export function formatKeyOf010(key: Key): string {
  if (typeof key === "string") return key;
  const texts = partsOf(key).map((part) => {
    if (typeof part === "string") return part;
    return isPath(part) ? (part.rooted ? "/" : "") + part.path.join("/") : part.quoted;
  });
  return texts.join(" ");
}

/** The parts of a key whose text `formatKey` wrote; `undefined` when it is no such text. */
export function parseKey(text: string, shape: KeyShape): readonly KeyPart[] | undefined {
  const parts: KeyPart[] = [];
  let rest = text;
  for (const [i, form] of shape.entries()) {
    const last = i === shape.length - 1;
    const read = form === "name" ? readName(rest, last) : readPath(rest, last, form === "rooted");
    if (read === undefined || (!last && !read.rest.startsWith(" "))) return undefined;
    parts.push(read.part);
    rest = last ? read.rest : read.rest.slice(1);
  }
  return rest === "" ? parts : undefined;
}

interface Read<Part> {
  readonly part: Part;
  readonly rest: string;
}

function readName(text: string, last: boolean): Read<string | Quoted> | undefined {
  const read = readUntil(text, last ? "" : " ");
  if (read === undefined) return undefined;
  // In quotes without need: so that it does not read as a word.
  const needless = text.startsWith('"') && formatPart(read.part, last) === read.part;
  return needless ? { part: { quoted: read.part }, rest: read.rest } : read;
}

function readPath(text: string, last: boolean, rooted: boolean): Read<Path> | undefined {
  if (rooted && !text.startsWith("/")) return undefined;
  const path: string[] = [];
  let rest = rooted ? text.slice(1) : text;
  for (;;) {
    const read = readUntil(rest, last ? "/" : "/ ");
    if (read === undefined) return undefined;
    path.push(read.part);
    rest = read.rest;
    if (!rest.startsWith("/")) return { part: { path, ...(rooted && { rooted }) }, rest };
    rest = rest.slice(1);
  }
}

/** A name in quotes, or all up to the first of `ends`. */
function readUntil(text: string, ends: string): Read<string> | undefined {
  if (text.startsWith('"')) {
    const [written] = /^"(?:[^"\\]|\\.)*"/.exec(text) ?? [];
    const name = written === undefined ? undefined : parseJson(written);
    return written === undefined || typeof name !== "string"
      ? undefined
      : { part: name, rest: text.slice(written.length) };
  }
  const at = [...ends].map((end) => text.indexOf(end)).filter((i) => i >= 0);
  const end = Math.min(text.length, ...at);
  return { part: text.slice(0, end), rest: text.slice(end) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
