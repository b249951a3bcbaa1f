import { formatKey, identityOf, type Observed, type Plain, type PlainMap } from "../../reconcile/index.ts";
import type { KindName, RealmKeys } from "../identity.ts";
import type { Kind } from "../kinds/kind.ts";
import type { Providers } from "../providers.ts";
import { type SecretNames, secretNames } from "./secret-names.ts";
import { beyond, maskedIn, saying, telling } from "./telling.ts";

/** An object of a realm, less what says nothing. */
interface Found<N extends KindName = KindName> {
  readonly key: RealmKeys[N];
  readonly fields: PlainMap;
}

/** Kinds of which each object belongs to something with a name. */
type OwnedKind = { [N in KindName]: RealmKeys[N] extends readonly [string, ...unknown[]] ? N : never }[KindName];

/** What was found in a realm and is to be described, without what every realm has. */
export interface ImportSource {
  readonly realm: string;
  /**
   * Objects of a kind by the text of the key and in its order, each with the fields in which it differs from what a new realm
   * has: `null` takes one away.
   */
  changed<N extends KindName>(kind: Kind<N>): ReadonlyMap<string, Found<N>>;
  /** All objects of a kind by the text of the key, with all their fields. */
  all<N extends KindName>(kind: Kind<N>): ReadonlyMap<string, Found<N>>;
  /** Of a kind whose keys begin with an owner's name: those of one owner, with all their fields. */
  ownedBy<N extends OwnedKind>(kind: Kind<N>, owner: string): readonly Found<N>[];
  /** Objects of a kind that every new realm has, and this one has not. */
  missing<N extends KindName>(kind: Kind<N>): readonly Found<N>[];
  /** The object as every new realm has it. */
  builtin<N extends KindName>(kind: Kind<N>, key: RealmKeys[N]): PlainMap | undefined;
  /** Keys, as text, under which there are several objects of a kind, with their number; one of them is described. */
  twins<N extends KindName>(kind: Kind<N>): ReadonlyMap<string, number>;
  /** Names of the secrets in an object's config, or another map of it, that Keycloak does not show. */
  maskedIn<N extends KindName>(kind: Kind<N>, key: RealmKeys[N], map?: string): readonly string[];
  /** False for a provider that this Keycloak has no more: what uses it is there, and can be made nowhere. */
  has(provider: string): boolean;
  /** Notes a secret that the file can only refer to, by its place in the file; answers the reference. The words say whose it is. */
  secret(place: readonly string[], words: readonly string[]): { readonly env: string };
  /** Notes a secret that cannot be compared, because Keycloak masks it; `at` is a pointer for `ignore`. */
  masked(at: string): void;
  /** Notes something that the format has no words for. */
  leave(what: string): void;
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

/** Fields that have words of their own and are taken away here: only `raw` can say so. */
export const takenAway = (taken: Readonly<Record<string, Plain | undefined>>): PlainMap =>
  Object.fromEntries(Object.entries(taken).flatMap(([name, value]) => (value === null ? [[name, value]] : [])));

/** A map without what is not there, for the file; `undefined` when nothing is. */
export function written(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(map).filter(([, value]) => {
      if (value === undefined || value === null) return false;
      return typeof value !== "object" || Object.keys(value).length > 0;
    }),
  );
}

/** What the notes of an import end up as. */
export interface ImportNotes {
  readonly secrets: SecretNames;
  readonly masked: string[];
  readonly left: string[];
}

/** Notes of an import that has not begun. */
export const noNotes = (realm: string): ImportNotes => ({ secrets: secretNames(realm), masked: [], left: [] });

/** Sets a realm beside a new one. */
export function importSourceOf(
  realm: string,
  observed: readonly Observed[],
  baseline: readonly Observed[],
  notes: ImportNotes,
  providers: Providers,
): ImportSource {
  const before = new Map(baseline.map((o) => [identityOf(o), o]));
  const there = new Map(observed.map((o) => [identityOf(o), o]));
  const found = onceEach((kind: Kind) => ofKind(observed, kind));
  const builtin = <N extends KindName>(kind: Kind<N>, key: RealmKeys[N]) => {
    const own = before.get(identityOf({ kind: kind.rule.kind, key }));
    return own && telling(own.fields, kind);
  };
  const whole = (one: Found, { rule }: Kind) => ({ ...one, fields: saying(one.fields, rule) });
  const all = onceEach((kind: Kind) => new Map(found(kind).map(([text, one]) => [text, whole(one, kind)])));
  const changed = onceEach(
    (kind: Kind) =>
      new Map(
        found(kind).flatMap(([text, one]) => {
          const base = builtin(kind, one.key);
          if (base === undefined) return [[text, whole(one, kind)] as const];
          const fields = beyond(one.fields, base, kind.rule);
          return Object.keys(fields).length === 0 ? [] : [[text, { ...one, fields }] as const];
        }),
      ),
  );
  const byOwner = onceEach((kind: Kind) =>
    Map.groupBy(all(kind).values(), ({ key }) => (Array.isArray(key) ? key[0] : undefined)),
  );
  return {
    realm,
    all: all as ImportSource["all"],
    ownedBy: ((kind: Kind, owner: string) => byOwner(kind).get(owner) ?? []) as ImportSource["ownedBy"],
    builtin,
    changed: changed as ImportSource["changed"],
    missing: <N extends KindName>(kind: Kind<N>) =>
      baseline.flatMap((o) => {
        if (o.kind !== kind.rule.kind || there.has(identityOf(o))) return [];
        return [{ key: o.key as RealmKeys[N], fields: telling(o.fields, kind) }];
      }),
    twins: (kind) => twinsOf(observed, kind.rule.kind),
    maskedIn: ({ rule: { kind } }, key, map = "config") => maskedIn(there.get(identityOf({ kind, key }))?.fields[map]),
    has: (provider) => providers?.has(provider) ?? true,
    secret: notes.secrets.refer,
    masked: (at) => void notes.masked.push(at),
    leave: (what) => void notes.left.push(what),
  };
}

/** The same answer for a kind each time: what asks for every client would else go through all of the realm as often. */
function onceEach<T>(answer: (kind: Kind) => T): (kind: Kind) => T {
  const known = new Map<KindName, T>();
  return (kind) => {
    const before = known.get(kind.rule.kind);
    if (before !== undefined) return before;
    const now = answer(kind);
    known.set(kind.rule.kind, now);
    return now;
  };
}

/** What of a kind there is, in the order of its keys. */
function ofKind<N extends KindName>(observed: readonly Observed[], kind: Kind<N>): [text: string, Found<N>][] {
  const own = observed.filter((o): o is Observed<unknown, RealmKeys[N]> => o.kind === kind.rule.kind);
  return own
    .map(({ key, fields }): [string, Found<N>] => [formatKey(key), { key, fields: telling(fields, kind) }])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Of what its kind found several under one key: how many. */
const twinsOf = (observed: readonly Observed[], kind: KindName): ReadonlyMap<string, number> =>
  new Map(
    observed.flatMap((o) => {
      const { raw } = (o.remote ?? {}) as { readonly raw?: PlainMap };
      const several = raw?.["twins"];
      return o.kind === kind && typeof several === "number" ? [[formatKey(o.key), several] as const] : [];
    }),
  );
