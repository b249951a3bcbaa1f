import { createHash } from "node:crypto";
import type { Plain, PlainMap } from "./resource.ts";

/** True for a map. */
export const isMap = (value: Plain | undefined): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True for a list. */
export const isList = (value: Plain | undefined): value is readonly Plain[] => Array.isArray(value);

/** JSON with sorted names: equal values, equal text. Absent values are left out. */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((v) => canonical(v ?? null)).join(",")}]`;
  const map = value as Readonly<Record<string, unknown>>;
  // Sorted by code unit, as `compareText` does; a large realm has a million names.
  const names = Object.keys(map).sort();
  const parts = names.flatMap((name) =>
    map[name] === undefined ? [] : `${JSON.stringify(name)}:${canonical(map[name])}`,
  );
  return `{${parts.join(",")}}`;
}

/** 128 bits of SHA-256 over the canonical form: it tells values apart, and keeps none secret. */
export const digest = (value: unknown): string =>
  createHash("sha256").update(canonical(value)).digest("base64url").slice(0, 22);

/** Order by code unit: the same on every machine, whatever its language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The list without repetition, in canonical order. */
export function asSet(list: readonly Plain[]): readonly Plain[] {
  const byText = new Map(list.map((v) => [canonical(v), v]));
  return [...byText].sort(([a], [b]) => compareText(a, b)).map(([, v]) => v);
}

/** What is in `a` and not in `b`, as sets. */
export function without(a: readonly Plain[], b: readonly Plain[]): readonly Plain[] {
  const known = new Set(b.map(canonical));
  return asSet(a).filter((v) => !known.has(canonical(v)));
}

/** `map` with the value at `path` replaced; `undefined` becomes `null`, which unsets. */
export function withValue(map: PlainMap, path: readonly string[], value: Plain | undefined): PlainMap {
  const [first, ...rest] = path;
  if (first === undefined) return map;
  const inner = map[first];
  const next = rest.length === 0 ? (value ?? null) : withValue(isMap(inner) ? inner : {}, rest, value);
  return { ...map, [first]: next };
}
