import { readFileSync } from "node:fs";
import type { FieldsByKind } from "./fields-there.ts";
import type { Measures } from "./measure.ts";
import { jsonNames, namedFields } from "./named.ts";

/** What a run of the whole corpus found of a field: how many values of it came through, and how often it was lost. */
export type FoundByKind = Readonly<
  Record<string, Readonly<Record<string, { readonly kept: number; readonly lost: number }>>>
>;

/** Where the last run of the whole corpus left what it found. */
export const foundFile = new URL("found.json", import.meta.url);
const fieldsFile = new URL("fields.json", import.meta.url);

const read = <T>(file: URL): T => JSON.parse(readFileSync(file, "utf8")) as T;

/** Fields of the release's representations; a test compares them with the distribution. */
export function knownFields(): FieldsByKind {
  known ??= read<FieldsByKind>(fieldsFile);
  return known;
}
let known: FieldsByKind | undefined;

/** What the last run of the whole corpus found. */
export const lastFound = (): FoundByKind => read<FoundByKind>(foundFile);

/** How the fields of a kind stand. */
export interface Coverage {
  readonly kind: string;
  readonly there: readonly string[];
  /** Fields that came through with several values, and were never lost. */
  readonly said: readonly string[];
  /** Fields that are named with a reason. */
  readonly named: readonly string[];
  /** Neither: to be said, or to be named. */
  readonly open: readonly string[];
}

/** Puts fields, reasons and findings together. */
export function coverage(fields: FieldsByKind = knownFields(), found: FoundByKind = lastFound()): Coverage[] {
  return Object.entries(fields).map(([kind, there]) => {
    const named = there.filter((field) => Object.hasOwn(namedFields[kind] ?? {}, field));
    const said = there.filter((field) => {
      const came = found[kind]?.[jsonNames[field] ?? field];
      return !named.includes(field) && came !== undefined && came.kept > 1 && came.lost === 0;
    });
    return { kind, there, said, named, open: there.filter((it) => !named.includes(it) && !said.includes(it)) };
  });
}

/** What was measured, as it is kept. */
export const foundIn = (measures: Measures): FoundByKind =>
  Object.fromEntries(
    [...measures].map(([kind, fields]) => [
      kind,
      Object.fromEntries(
        [...fields]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([field, { kept, lost }]) => [field, { kept: kept.size, lost }]),
      ),
    ]),
  );
