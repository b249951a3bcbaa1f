import { formatYaml } from "../../yaml/index.ts";

type Document = Readonly<Record<string, unknown>>;

/** Where a part may hold entries of its own, and how far down they stand: `roles.clients` holds clients, which hold roles. */
const divisible: readonly (readonly string[])[] = [
  ...[["clients"], ["clientScopes"], ["roles", "realm"], ["roles", "clients"], ["groups"], ["flows"]],
  ...[["components"], ["upstreams"], ["organizations"]],
];

interface Named {
  /** None in a list. */
  readonly name?: string;
  readonly value: unknown;
}

interface Entry extends Named {
  readonly at: readonly string[];
  readonly bytes: number;
}

/**
 * A document of kind Realm as one that fits, and parts that hold the rest of its entries, in their order: a file has its
 * limit, a realm has none. An entry is never cut in two. Beside the first stand comments of so many bytes.
 */
export function inFiles(document: Document, mostBytes: number, comments: number): readonly Document[] {
  if (bytesOf(document) + comments <= mostBytes) return [document];
  const { rest, entries } = takenApart(document);
  const files: { readonly document: Document; entries: Entry[]; bytes: number }[] = [];
  const begin = (head: Document, beside = 0) =>
    files.push({ document: head, entries: [], bytes: bytesOf(head) + beside });
  begin(rest, comments);
  for (const entry of entries) {
    const last = files.at(-1);
    if (last !== undefined && last.entries.length > 0 && last.bytes + entry.bytes > mostBytes) {
      begin({ kind: "RealmPart", realm: document["realm"] });
    }
    const file = files.at(-1);
    file?.entries.push(entry);
    if (file !== undefined) file.bytes += entry.bytes;
  }
  return files.map((file) => withEntries(file.document, file.entries));
}

const bytesOf = (value: unknown): number => Buffer.byteLength(formatYaml(value));

function takenApart(document: Document): { readonly rest: Document; readonly entries: readonly Entry[] } {
  const entries: Entry[] = [];
  let rest = document;
  for (const at of divisible) {
    const section = at.reduce<unknown>((inside, name) => (inside as Document | undefined)?.[name], rest);
    if (typeof section !== "object" || section === null) continue;
    const named = Array.isArray(section) ? section.map((value): Named => ({ value })) : namedIn(section);
    // Its lines are further to the right than here.
    entries.push(
      ...named.map((one) => ({ at, ...one, bytes: bytesOf({ a: { b: { [one.name ?? ""]: one.value } } }) })),
    );
    rest = without(rest, at);
  }
  return { rest, entries };
}

const namedIn = (section: object): Named[] => Object.entries(section).map(([name, value]) => ({ name, value }));

function without(document: Document, [first = "", ...below]: readonly string[]): Document {
  const kept = Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
    if (name !== first) return [[name, value]];
    const inside = below.length === 0 ? {} : without(value as Document, below);
    return Object.keys(inside).length === 0 ? [] : [[name, inside]];
  });
  return Object.fromEntries(kept);
}

function withEntries(document: Document, entries: readonly Entry[]): Document {
  return divisible.reduce((whole, at) => {
    const own = entries.filter((entry) => entry.at === at);
    if (own.length === 0) return whole;
    const isList = own.every(({ name }) => name === undefined);
    const section = isList
      ? own.map(({ value }) => value)
      : Object.fromEntries(own.map(({ name = "", value }) => [name, value]));
    return set(whole, at, section);
  }, document);
}

const set = (document: Document, [first = "", ...below]: readonly string[], value: unknown): Document => ({
  ...document,
  [first]: below.length === 0 ? value : set((document[first] ?? {}) as Document, below, value),
});
