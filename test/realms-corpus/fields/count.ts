import { readFileSync } from "node:fs";
import type { FieldsByKind } from "./fields-there.ts";
import type { Measures } from "./measure.ts";
import { jsonNames, type Naming, namedFields, nobodysToSay } from "./named.ts";

/** What a run of the whole corpus found of a field. */
interface Found {
  /** How many values of it came through. */
  readonly kept: number;
  /** How many objects had another value afterwards. */
  readonly lost: number;
  /** How many had, and a note of the import says that it leaves something out there. */
  readonly noted?: number;
}

/** By kind and field. */
export type FoundByKind = Readonly<Record<string, Readonly<Record<string, Found>>>>;

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

/** How the fields of a kind stand; each is in one of the lists. */
export interface Coverage {
  readonly kind: string;
  readonly there: readonly string[];
  /** Fields that no file has to say: Keycloak's own, and what people write. */
  readonly nobodys: readonly string[];
  /** Fields that came through with several values, and were lost nowhere but where a note says so. */
  readonly said: readonly string[];
  /** Fields that are said at another place. */
  readonly elsewhere: readonly string[];
  /** Fields that are to be said, and are not. */
  readonly open: readonly string[];
  /** Of those that are said, how many objects lack them with a note. */
  readonly noted: Readonly<Record<string, number>>;
}

/** Of the fields that are to be said, the share that is said; 1 is all. */
export const shareSaid = ({ there, nobodys, said, elsewhere }: Coverage): number =>
  (said.length + elsewhere.length) / (there.length - nobodys.length);

/** Puts fields, reasons and findings together. */
export const coverage = (fields: FieldsByKind = knownFields(), found: FoundByKind = lastFound()): Coverage[] =>
  Object.entries(fields).map(([kind, there]) => {
    const named = new Map(Object.entries(namedFields[kind] ?? {}));
    const of = (field: string): Found | undefined => found[kind]?.[jsonNames[field] ?? field];
    const isNamed = (field: string, is: (as: Naming) => boolean) => {
      const as = named.get(field)?.as;
      return as !== undefined && is(as);
    };
    const unnamed = there.filter((field) => !named.has(field));
    const said = unnamed.filter((field) => (of(field)?.kept ?? 0) > 1 && of(field)?.lost === 0);
    const noted = said.map((field) => [field, of(field)?.noted ?? 0] as const).filter(([, count]) => count > 0);
    return {
      ...{ kind, there, said },
      nobodys: there.filter((field) => isNamed(field, (as) => nobodysToSay.has(as))),
      elsewhere: there.filter((field) => isNamed(field, (as) => as === "elsewhere")),
      open: unnamed.filter((field) => !said.includes(field)),
      noted: Object.fromEntries(noted),
    };
  });

/** What was measured, as it is kept. */
export const foundIn = (measures: Measures): FoundByKind =>
  Object.fromEntries(
    [...measures].map(([kind, fields]) => [
      kind,
      Object.fromEntries(
        [...fields]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([field, { kept, lost, noted }]) => [field, { kept: kept.size, lost, ...(noted > 0 && { noted }) }]),
      ),
    ]),
  );
