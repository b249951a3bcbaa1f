import { visible } from "../../core/index.ts";
import { isSameValue } from "../../yaml/index.ts";
import { type EntryName, isRecord, type Section } from "./entry.ts";

/** One field of an entry that is another before than after. Lists are one field. */
export interface FieldChange {
  /** For people: `grants.dev.valid.until`. */
  readonly field: string;
  /** Within the entry; empty where it is the entry as a whole, and for sets. */
  readonly path: readonly string[];
  /** `undefined`: not there. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two values of an entry. */
export function fieldChanges({ section, name }: EntryName, before: unknown, after: unknown): FieldChange[] {
  const changes: FieldChange[] = [];
  const compare = (path: readonly string[], old: unknown, fresh: unknown): void => {
    if (isSameValue(old, fresh)) return;
    if (!isRecord(old) || !isRecord(fresh)) {
      changes.push({ field: [section, name, ...path].join("."), path, before: old, after: fresh });
      return;
    }
    for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)]))
      compare([...path, key], old[key], fresh[key]);
  };
  compare([], before, after);
  return changes;
}

const words: Readonly<Record<Section, string>> = { sets: "set", people: "people", grants: "grant", tests: "test" };

/** An entry in words: `grant dev`. */
export const formatEntryName = ({ section, name }: EntryName): string =>
  `${words[section]} ${/^[\w-]+$/.test(name) ? name : `"${clipped(name)}"`}`;

/** A change in one line of words, such as `grant dev: until 2027-01-31 → 2027-03-01`, `people developers added`. */
export function formatChange(entry: EntryName, before: unknown, after: unknown): string {
  const what = formatEntryName(entry);
  if (isSameValue(before, after)) return `${what} unchanged`;
  if (before === undefined) return `${what} added`;
  if (after === undefined) return `${what} removed`;
  return `${what}: ${fieldChanges(entry, before, after).map(formatField).join(", ")}`;
}

/** What only groups fields goes without saying. */
const silent = new Set(["valid", "require"]);

function formatField({ path, before, after }: FieldChange): string {
  const name = (path.length > 1 && silent.has(path[0] ?? "") ? path.slice(1) : path).map(clipped).join(".");
  const sentence =
    Array.isArray(before) && Array.isArray(after) ? listChange(before, after) : valueChange(before, after);
  return name === "" ? sentence : `${name} ${sentence}`;
}

function valueChange(before: unknown, after: unknown): string {
  if (before === undefined) return `set to ${brief(after)}`;
  return after === undefined ? `${brief(before)} removed` : `${brief(before)} → ${brief(after)}`;
}

function listChange(before: readonly unknown[], after: readonly unknown[]): string {
  const gone = before.filter((item) => !after.some((other) => isSameValue(item, other)));
  const come = after.filter((item) => !before.some((other) => isSameValue(item, other)));
  if (gone.length > 0 && come.length > 0) return valueChange(gone, come);
  if (come.length > 0) return `${brief(come)} added`;
  return gone.length > 0 ? `${brief(gone)} removed` : "in another order";
}

/** More of one value than this tells nobody more. */
const longest = 60;

const brief = (value: unknown): string => clipped(plainly(value));

function plainly(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? "[]" : value.map(plainly).join(", ");
  if (!isRecord(value)) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${Array.isArray(each) ? `[${plainly(each)}]` : plainly(each)}`)
    .join(", ")} }`;
}

/** One line, whatever stands in it: a line break would become a line of a commit's message. */
function clipped(text: string): string {
  const line = visible(text.replace(/\s+/gu, " "));
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join("")}…`;
}
