import type { Change, Identity, KindRule, Observed, PlainMap, Resource } from "../../reconcile/index.ts";
import type { Keycloak } from "../connection.ts";
import type { Snapshot } from "../snapshot.ts";

/** What Keycloak's own objects are known by when they are changed: server id and, where a PUT replaces, all that was read. */
export interface Remote {
  readonly id: string;
  readonly raw?: PlainMap;
}

/** One realm of one Keycloak. */
export interface RealmAccess {
  readonly realm: string;
  readonly keycloak: Keycloak;
}

/** How one kind of object is told from a snapshot and written. */
export interface Kind {
  readonly rule: KindRule;
  observe(snapshot: Snapshot, realm: string, wanted: readonly Identity[]): readonly Observed<Remote>[];
  create(at: RealmAccess, resource: Resource): Promise<void>;
  update(at: RealmAccess, resource: Resource, observed: Observed<Remote>, changes: readonly Change[]): Promise<void>;
  remove(at: RealmAccess, observed: Observed<Remote>): Promise<void>;
}

/** Keycloak's representations are JSON; this says so to the compiler. */
export const asFields = (representation: object): PlainMap => representation as PlainMap;

/** Both parts of a key such as `customer-a-idp cloudpass groups`: an owner without spaces, and the rest. */
export function splitKey(key: string): readonly [string, string] {
  const at = key.indexOf(" ");
  return [key.slice(0, at), key.slice(at + 1)];
}

/** For kinds whose rule forbids an action, so that the engine never asks for it. */
export const never = (what: string) => (): Promise<void> => Promise.reject(new TypeError(`never asked for: ${what}`));

/** A map without the names that are to be unset; for payloads where leaving out means unsetting. */
export const withoutNulls = (map: PlainMap): PlainMap =>
  Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
