import { Bug } from "../../core/index.ts";
import {
  type Change,
  type Identity,
  identityOf,
  type Key,
  type KindRule,
  type Observed,
  type PlainMap,
  type Resource,
} from "../../reconcile/index.ts";
import { mapOf, type RealmAccess, textOf } from "../access.ts";
import type { Narrower } from "../client-scopes.ts";
import type { Section } from "../format/manage.ts";
import type { KindName, RealmIdentity, RealmKeys, Wanted } from "../identity.ts";
import { owner, ownerKey } from "../markers.ts";
import type { Part, Snapshot } from "../snapshot.ts";
import type { RealmStateStore } from "../state.ts";

/** What Keycloak's own objects are known by when they are changed: server id and, where a PUT replaces, all that was read. */
export interface Remote {
  readonly id: string;
  readonly raw?: PlainMap;
  /** Fields that others than the file write, as `attributes.<name>` or by name. */
  readonly configured?: ReadonlySet<string>;
  /** Keycloak's, where what a new object has differs by it. */
  readonly version?: string;
}

/** A realm as the kinds write it. */
export interface RealmSite extends RealmAccess {
  readonly stateStore: RealmStateStore;
  /** Of a client that is about to be made, the scopes that it shall not have as its realm gives them. */
  readonly narrowerScopes?: (client: string) => ReadonlyMap<string, Narrower> | undefined;
}

/** What a kind may look at when it says what is there. */
export interface Sight<N extends KindName = KindName> {
  readonly snapshot: Snapshot;
  /** The wanted resources of the kind, by the text of the key. */
  readonly wanted: ReadonlyMap<string, Wanted<N>>;
  /** A wanted resource of any kind. */
  wants(it: RealmIdentity): Resource | undefined;
}

/** What is there and what is wanted to be, put in order once: a kind asks it about each of thousands of objects. */
export interface World {
  /** All of a kind: what is there, and after it what is wanted, which stands over it. */
  of(kind: KindName): readonly (Observed | Resource)[];
  wants(it: RealmIdentity): boolean;
  /** Keycloak's, or "" where the realm that says it is not looked at. */
  readonly version: string;
}

/** Puts in order what is there and what is wanted. */
export function worldOf(observed: readonly Observed[], desired: readonly Resource[]): World {
  const byKind = Map.groupBy<string, Observed | Resource>([...observed, ...desired], ({ kind }) => kind);
  const wanted = new Set(desired.map(identityOf));
  const version = textOf(observed.find(({ kind }) => kind === "realm")?.fields["keycloakVersion"]);
  return { of: (kind) => byKind.get(kind) ?? [], wants: (it) => wanted.has(identityOf(it)), version };
}

/** Something that comes along with something else: of its fields those that are known. */
export type Companion = RealmIdentity & {
  readonly fields: PlainMap;
  /** What a file that does not name it does not want. */
  readonly goes?: true;
  readonly dependsOn?: readonly RealmIdentity[];
};

/** How one kind of object is told from a snapshot and written. */
export interface Kind<N extends KindName = KindName> {
  /** The section of a realm file that speaks of the kind, for `manage` and `protect`. */
  readonly section: Section;
  readonly rule: KindRule & { readonly kind: N };
  /**
   * Within maps of such an object, by member: true for a name that Keycloak alone writes, and goes on writing. No file says
   * it: one that did would set a clock back.
   */
  readonly keycloaksOwn?: Readonly<Record<string, (name: string) => boolean>>;
  /** What must have been read to see objects of the kind. */
  readonly parts: readonly Part[];
  /** It is looked at wherever objects of this kind are, because what nobody asked for must be seen there as well. */
  readonly beside?: KindName;
  /** Where objects like this one must be looked for, if the kind's name does not say it all. */
  place?(resource: Wanted<N>): Key | undefined;
  observe(sight: Sight<N>): readonly Seen<N>[];
  /** What Keycloak makes by itself along with such an object, as far as it is known; `world` is what will be around it. */
  brings?(it: Identity<RealmKeys[N]> & { readonly fields: PlainMap }, world: World): readonly Companion[];
  create(at: RealmSite, resource: Wanted<N>): Promise<void>;
  update(at: RealmSite, resource: Wanted<N>, observed: Seen<N>, changes: readonly Change[]): Promise<void>;
  replace?(at: RealmSite, resource: Wanted<N>, observed: Seen<N>): Promise<void>;
  remove(at: RealmSite, observed: Seen<N>): Promise<void>;
}

export type { Wanted };

/** An object of a kind as it was read. */
export type Seen<N extends KindName = KindName> = Observed<Remote, RealmKeys[N]>;

/** For kinds whose rule forbids an action, so that the engine never asks for it. */
export const never = (what: string) => (): Promise<void> => Promise.reject(new Bug(`never asked for: ${what}`));

/** Keycloak's id of something that was read. Without one, a request would go to the whole collection. */
export function idOf(observed: Seen): string {
  const id = observed.remote?.id ?? "";
  if (id === "") throw new Bug(`nobody knows Keycloak's id of ${identityOf(observed)}`);
  return id;
}

/** A map without the names that are to be unset; for payloads where leaving out means unsetting. */
export const withoutNulls = (map: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));

/** A map as a PUT that only adds wants it: what is to be unset as empty text. */
export const emptyForNull = (map: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(map).map(([name, value]) => [name, value ?? ""]));

/** A map as it is read: Keycloak keeps an unset text as an empty one. */
export const withoutEmpty = (map: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== ""));

/** The map under a name, or an empty one. */
export const inner = (map: PlainMap | undefined, name: string): PlainMap => (mapOf(map?.[name]) ?? {}) as PlainMap;

/** The texts in a list; anything else is an empty list. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];

/** The marker in a map of texts (client and scope attributes, config of IdPs and mappers). */
export const marker: PlainMap = { [ownerKey]: owner };
/** The marker in a map of lists (attributes of roles, groups and organizations). */
export const listMarker: PlainMap = { [ownerKey]: [owner] };

/** True when a map holds the marker, in either form. */
export function isMarked(map: unknown): boolean {
  const found = mapOf(map)?.[ownerKey];
  return found === owner || (Array.isArray(found) && found.includes(owner));
}
