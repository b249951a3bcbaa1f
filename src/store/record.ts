import { Bug, Fault } from "../core/index.ts";
import type { Creation, Keeping, Kind, StoredField, StoredForm } from "./port.ts";
import { isForLooking, storedTag } from "./tag.ts";

/*
 * A value is kept as JSON with one top-level field per line: `{"state":"issued",⏎"client":"gx1"}`. JSON.stringify never
 * emits a raw line break, so a field can be found and replaced as text. Lua's own JSON module is never used: it turns
 * empty lists into objects and rounds large numbers.
 */

const separator = ",\n";
const namePattern = /^[\x21-\x7e]{1,256}$/;
const kindPattern = /^[a-z][a-z0-9_-]{0,31}$/;
const fieldPattern = /^[A-Za-z][A-Za-z0-9_]*$/;

/** The allow-listed fields of `value` as text; fields that are `undefined` are left out. */
export function encodeValue<T extends object>(kind: Kind<T>, value: T): string {
  return `{${encodeFields(kind, value)
    .map(([field, json]) => `"${field}":${json}`)
    .join(separator)}}`;
}

/** The allow-listed fields of a (partial) value, each by its stored name as its own JSON text. */
export function encodeFields<T extends object>(kind: Kind<T>, value: Partial<T>): [name: string, json: string][] {
  const encoded: [string, string][] = [];
  for (const { field, name, form } of layoutOf(kind)) {
    const held: unknown = value[field as keyof T];
    const json: string | undefined = JSON.stringify(held === undefined || !form ? held : form.write(held));
    if (json !== undefined) encoded.push([name, json]);
  }
  return encoded;
}

/**
 * Reads what `encodeValue` wrote, of this release or of one before; a field that the kind does not list (any more) is
 * dropped. Throws `Fault` for a text that cannot be read: half understood, a record could allow what it was to forbid.
 */
export function decodeValue<T extends object>(kind: Kind<T>, text: string): T {
  const raw = readable(kind, () => asObject(JSON.parse(text)));
  const value: Record<string, unknown> = {};
  for (const { field, name, form } of layoutOf(kind)) {
    if (!Object.hasOwn(raw, name)) continue;
    value[field] = form ? readable(kind, () => form.read(raw[name]), name) : raw[name];
  }
  return value as T;
}

/** A field, and how it stands in the stored text. */
interface Place {
  readonly field: string;
  readonly name: string;
  readonly form: StoredForm<unknown> | undefined;
}

const layouts = new WeakMap<object, readonly Place[]>();

/**
 * The fields of a kind, worked out once: each poll reads a record. Asserts that the kind can be told apart from every other
 * in a key, and its fields found as text.
 */
function layoutOf(kind: Kind<object>): readonly Place[] {
  const known = layouts.get(kind);
  if (known) return known;
  checkKindName(kind.name);
  const stored = kind.stored as Readonly<Record<string, StoredField<unknown>>> | undefined;
  const layout = kind.fields.map((field) => ({
    field,
    name: stored?.[field]?.name ?? field,
    form: stored?.[field]?.form,
  }));
  for (const { name } of layout) if (!fieldPattern.test(name)) throw new Bug(`store: "${name}" is no field name`);
  if (new Set(layout.map(({ name }) => name)).size < layout.length)
    throw new Bug(`store: two fields of "${kind.name}" have the same stored name`);
  layouts.set(kind, layout);
  return layout;
}

/** Neither the stored value nor the cause, which may quote it, is part of the fault: it may say who somebody is. */
function readable<V>({ name }: Kind<object>, read: () => V, field?: string): V {
  try {
    return read();
  } catch {
    const what = field === undefined ? "it is not a JSON object" : `its field "${field}" has another form`;
    const message = `${what}: it was written by another release, or changed. Sign in again, or empty the store`;
    throw new Fault("store", `reading a record "${name}"`, { message, retryable: false });
  }
}

/** A stored value as an object. Throws for anything else. */
export function asObject(stored: unknown): Readonly<Record<string, unknown>> {
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) throw new Error("no object");
  return stored as Record<string, unknown>;
}

/** Asserts that the name of a kind or budget holds no separator: `a:b` + `c` must not meet `a` + `b:c`. */
export function checkKindName(name: string): void {
  if (!kindPattern.test(name)) throw new Bug(`store: "${name}" is no name of a kind`);
}

/** Asserts that ids hold no blank, control or non-ASCII character. The id itself is not repeated in the message. */
export function checkIds(...ids: readonly (string | undefined)[]): void {
  for (const id of ids) if (id !== undefined && !namePattern.test(id)) throw new Bug("store: malformed id");
}

/** Asserts what a verb is asked about. */
export function checkAsked(kind: Kind<object>, ...ids: readonly string[]): void {
  layoutOf(kind);
  checkIds(...ids);
}

/** The stored texts of a record's tags, each once. */
export const tagsOf = ({ tags = [] }: Pick<Keeping, "tags">): readonly string[] => [...new Set(tags.map(storedTag))];

/** Asserts a record's end and ids; a batch of creations must not meet itself. */
export function checkCreations(creations: readonly Creation[]): void {
  const taken = new Set<string>();
  for (const { kind, id, ttl, aliases = [], ...keeping } of creations) {
    layoutOf(kind);
    const { tags = [] } = keeping;
    checkIds(id, ...tagsOf(keeping), ...aliases);
    checkTtl(ttl);
    if (kind.lasting === true && (creations.length > 1 || !tags.every(isForLooking))) {
      throw new Bug("store: a lasting record has no tag that may end it, and is made by itself");
    }
    if (kind.lasting !== true && tags.some(isForLooking)) {
      throw new Bug("store: a tag for looking is one of lasting records");
    }
    for (const key of [`id ${kind.name} ${id}`, ...new Set(aliases.map((a) => `alias ${kind.name} ${a}`))]) {
      if (taken.has(key)) throw new Bug("store: two records of one batch have the same id or alias");
      taken.add(key);
    }
  }
}

/** Asserts that a record has an end, and one that every engine can count to. */
export function checkTtl(ttl: number): void {
  if (!(ttl > 0 && ttl <= maxTtl)) throw new Bug(`store: a record cannot be kept for ${ttl} seconds`);
}

/** Ten years in seconds: an end further away is a slip of units. */
const maxTtl = 10 * 366 * 86_400;

/** A patch says nothing about a field that is `undefined`, as on Redis, where it is not even sent. */
export function withoutUndefined<T extends object>(patch: T): T {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as T;
}
