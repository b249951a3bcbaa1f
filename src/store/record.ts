import { Bug, type FamilyId } from "../core/index.ts";
import type { Creation, Keeping, Kind } from "./port.ts";

/*
 * A value is kept as JSON with one top-level field per line: `{"state":"issued",⏎"client":"gx1"}`. JSON.stringify never
 * emits a raw line break, so a field can be found and replaced as text. Lua's own JSON module is never used: it turns
 * empty lists into objects and rounds large numbers.
 */

const separator = ",\n";
const namePattern = /^[\x21-\x7e]{1,256}$/;
const kindPattern = /^[a-z][a-z0-9_-]{0,31}$/;
const fieldPattern = /^[A-Za-z][A-Za-z0-9_]*$/;
const checkedKinds = new WeakSet<object>();

/** The allow-listed fields of `value` as text; fields that are `undefined` are left out. */
export function encodeValue<T extends object>(kind: Kind<T>, value: T): string {
  return `{${encodeFields(kind, value)
    .map(([field, json]) => `"${field}":${json}`)
    .join(separator)}}`;
}

/** The allow-listed fields of a (partial) value, each as its own JSON text. */
export function encodeFields<T extends object>(kind: Kind<T>, value: Partial<T>): [field: string, json: string][] {
  const encoded: [string, string][] = [];
  for (const field of kind.fields) {
    const json: string | undefined = JSON.stringify(value[field as keyof T]);
    if (json !== undefined) encoded.push([field, json]);
  }
  return encoded;
}

/** Reads what `encodeValue` wrote; a field that the kind does not list (any more) is dropped. */
export function decodeValue<T extends object>(kind: Kind<T>, text: string): T {
  const raw = JSON.parse(text) as Record<string, unknown>;
  const value: Record<string, unknown> = {};
  for (const field of kind.fields) if (Object.hasOwn(raw, field)) value[field] = raw[field];
  return value as T;
}

/** Asserts that a kind can be told apart from every other in a key, and its fields found as text. */
export function checkKind(kind: Kind<object>): void {
  if (checkedKinds.has(kind)) return;
  checkKindName(kind.name);
  for (const field of kind.fields) if (!fieldPattern.test(field)) throw new Bug(`store: "${field}" is no field name`);
  checkedKinds.add(kind);
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
  checkKind(kind);
  checkIds(...ids);
}

/** The families a record is to belong to, each once. */
export function familiesOf({ family = [] }: Pick<Keeping, "family">): readonly FamilyId[] {
  return typeof family === "string" ? [family] : [...new Set(family)];
}

/** Asserts a record's end and ids; a batch of creations must not meet itself. */
export function checkCreations(creations: readonly Creation[]): void {
  const taken = new Set<string>();
  for (const { kind, id, ttl, aliases = [], ...keeping } of creations) {
    checkKind(kind);
    const families = familiesOf(keeping);
    checkIds(id, ...families, ...aliases);
    checkTtl(ttl);
    if (kind.lasting === true && (families.length > 0 || creations.length > 1)) {
      throw new Bug("store: a lasting record has no family, and is made by itself");
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
