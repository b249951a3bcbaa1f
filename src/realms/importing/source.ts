import { formatKey, identityOf, isMap, type Observed, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { mask } from "../held-secrets.ts";
import type { KindName, RealmKeys } from "../identity.ts";
import type { Kind } from "../kinds/kind.ts";
import { ownerKey } from "../markers.ts";

/** An object of a realm, less what says nothing. */
interface Found<N extends KindName = KindName> {
  readonly key: RealmKeys[N];
  readonly fields: PlainMap;
}

/** What was found in a realm and is to be described, without what every realm has. */
export interface ImportSource {
  readonly realm: string;
  /** Objects of a kind by the text of the key, each with the fields in which it differs from what a new realm has. */
  changed<N extends KindName>(kind: Kind<N>): ReadonlyMap<string, Found<N>>;
  /** All objects of a kind by the text of the key, with all their fields. */
  all<N extends KindName>(kind: Kind<N>): ReadonlyMap<string, Found<N>>;
  /** Objects of a kind that every new realm has, and this one has not. */
  missing<N extends KindName>(kind: Kind<N>): readonly Found<N>[];
  /** The object as every new realm has it. */
  builtin<N extends KindName>(kind: Kind<N>, key: RealmKeys[N]): PlainMap | undefined;
  /** Names of the secrets in an object's config, or another map of it, that Keycloak does not show. */
  maskedIn<N extends KindName>(kind: Kind<N>, key: RealmKeys[N], map?: string): readonly string[];
  /** Notes a secret that the file can only refer to; answers the reference. */
  secret(...words: readonly string[]): { readonly env: string };
  /** Notes a secret that cannot be compared, because Keycloak masks it; `at` is a pointer for `ignore`. */
  masked(at: string): void;
  /** Notes something that the format has no words for. */
  leave(what: string): void;
}

/** Server ids and the like: they say nothing about what is wanted. */
const volatile = new Set([
  ...["id", "internalId", "containerId", "parentId", "access", "types", "organizationId", "path", "subGroups"],
  ...["subGroupCount", "clientRole", "composite", "notBefore", "nodeReRegistrationTimeout", "createdTimestamp"],
  ...["realm_client", "client.secret.creation.time", ownerKey],
]);

/** True for a masked secret, alone or in a list. */
const isMask = (value: Plain | undefined): boolean =>
  value === mask || (Array.isArray(value) && value.length === 1 && value[0] === mask);

/** Names of what is masked in a map. */
export const maskedIn = (map: Plain | undefined): string[] =>
  Object.entries(isMap(map) ? map : {}).flatMap(([name, value]) => (isMask(value) ? [name] : []));

/** Fields that say something: no ids, no secrets, nothing empty. */
export function telling(map: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]): [string, Plain][] => {
      if (volatile.has(name) || name.startsWith("cloudpass.") || isMask(value)) return [];
      if (isMap(value)) {
        const inside = telling(value);
        return Object.keys(inside).length === 0 ? [] : [[name, inside]];
      }
      const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
      return empty ? [] : [[name, value]];
    }),
  );
}

/** What of `map` is not the same in `base`. */
export function beyond(map: PlainMap, base: PlainMap): PlainMap {
  return Object.fromEntries(
    Object.entries(map).flatMap(([name, value]): [string, Plain][] => {
      const before = base[name];
      if (isMap(value) && isMap(before)) {
        const inside = beyond(value, before);
        return Object.keys(inside).length === 0 ? [] : [[name, inside]];
      }
      return sorted(value) === sorted(before ?? null) ? [] : [[name, value]];
    }),
  );
}

/** As text; lists in any order are the same. */
function sorted(value: Plain): string {
  if (Array.isArray(value)) return JSON.stringify(value.map(sorted).sort());
  if (!isMap(value)) return JSON.stringify(value);
  return JSON.stringify(
    Object.entries(value)
      .map(([name, inside]) => [name, sorted(inside)])
      .sort(),
  );
}

/** One part of a JSON pointer (RFC 6901). */
export const pointerPart = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** Takes named fields out of a map. */
export function pick<Name extends string>(
  map: PlainMap,
  ...names: readonly Name[]
): { readonly taken: Readonly<Partial<Record<Name, Plain>>>; readonly rest: PlainMap } {
  const entries = Object.entries(map);
  const isNamed = ([name]: readonly [string, Plain]) => (names as readonly string[]).includes(name);
  return {
    taken: Object.fromEntries(entries.filter(isNamed)) as Partial<Record<Name, Plain>>,
    rest: Object.fromEntries(entries.filter((entry) => !isNamed(entry))),
  };
}

/** A map without what is not there, for the file; `undefined` when nothing is. */
export function written(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).filter(([, value]) => {
      if (value === undefined) return false;
      return typeof value !== "object" || value === null || Object.keys(value).length > 0;
    }),
  );
}

/** Names that differ in their dots only would be one variable, and one of two secrets lost. */
function freeName(name: string, taken: readonly string[]): string {
  const start = /^[A-Z_]/.test(name) ? name : `_${name}`;
  const free = (n: number): string =>
    taken.includes(n === 1 ? start : `${start}_${n}`) ? free(n + 1) : `${start}${n === 1 ? "" : `_${n}`}`;
  return free(1);
}

/** What the notes of an import end up as. */
export interface ImportNotes {
  readonly secrets: string[];
  readonly masked: string[];
  readonly left: string[];
}

/** Sets a realm beside a new one. */
export function importSourceOf(
  realm: string,
  observed: readonly Observed[],
  baseline: readonly Observed[],
  notes: ImportNotes,
): ImportSource {
  const before = new Map(baseline.map((o) => [identityOf(o), telling(o.fields)]));
  const all = <N extends KindName>({ rule: { kind } }: Kind<N>): Map<string, Found<N>> => {
    const own = observed.filter((o): o is Observed<unknown, RealmKeys[N]> => o.kind === kind);
    return new Map(own.map(({ key, fields }) => [formatKey(key), { key, fields: telling(fields) }]));
  };
  const builtin = <N extends KindName>({ rule: { kind } }: Kind<N>, key: RealmKeys[N]) =>
    before.get(identityOf({ kind, key }));
  return {
    realm,
    all,
    builtin,
    changed: (kind) =>
      new Map(
        [...all(kind)].flatMap(([text, found]) => {
          const base = builtin(kind, found.key);
          if (base === undefined) return [[text, found] as const];
          const fields = beyond(found.fields, base);
          return Object.keys(fields).length === 0 ? [] : [[text, { ...found, fields }] as const];
        }),
      ),
    missing: ({ rule: { kind } }) => {
      const there = new Set(observed.map(identityOf));
      const gone = baseline.filter((o) => o.kind === kind && !there.has(identityOf(o)));
      return gone.map(({ key, fields }) => ({ key, fields })) as never;
    },
    maskedIn: ({ rule: { kind } }, key, map = "config") => {
      const id = identityOf({ kind, key });
      return maskedIn(observed.find((o) => identityOf(o) === id)?.fields[map]);
    },
    secret: (...words) => {
      const env = [realm, ...words]
        .join("_")
        .replaceAll(/[^A-Za-z0-9]+/g, "_")
        .toUpperCase();
      const free = freeName(env, notes.secrets);
      notes.secrets.push(free);
      return { env: free };
    },
    masked: (at) => void notes.masked.push(at),
    leave: (what) => void notes.left.push(what),
  };
}
