import type { Secret } from "../../core/index.ts";
import type { Plain, PlainMap, SecretField } from "../../reconcile/index.ts";
import { fingerprintOf } from "../marks.ts";

const isMap = (value: Plain | undefined): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `over` on top of `under`: maps are merged, everything else is replaced. */
export function merge(under: PlainMap, over: PlainMap | undefined): PlainMap {
  const merged: Record<string, Plain> = { ...under };
  for (const [name, value] of Object.entries(over ?? {})) {
    const below = Object.hasOwn(merged, name) ? merged[name] : undefined;
    merged[name] = isMap(value) && isMap(below) ? merge(below, value) : value;
  }
  return merged;
}

/** A map without what is not said. */
export const said = (map: Readonly<Record<string, Plain | undefined>>): PlainMap =>
  Object.fromEntries(Object.entries(map).filter((entry): entry is [string, Plain] => entry[1] !== undefined));

/** Attributes as lists of texts. */
export const listed = (attributes: Readonly<Record<string, string | readonly string[] | null>> = {}): PlainMap =>
  Object.fromEntries(Object.entries(attributes).map(([name, v]) => [name, v === null ? null : [v].flat()]));

/** Attributes as single texts; a list is written as Keycloak writes it, with `##` between. */
export const single = (attributes: Readonly<Record<string, string | readonly string[] | null>> = {}): PlainMap =>
  Object.fromEntries(Object.entries(attributes).map(([name, v]) => [name, v === null ? null : [v].flat().join("##")]));

/** A secret with the fingerprint by which a later plan tells that it changed. */
export const secretField = (value: Secret, place: string): SecretField => ({
  value,
  fingerprint: fingerprintOf(value, place),
});
