import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type RealmRepresentation from "@keycloak/keycloak-admin-client/lib/defs/realmRepresentation.js";
import { Fault } from "../core/index.ts";
import type { PlainMap } from "../reconcile/index.ts";
import type { Keycloak, Manner } from "./connection.ts";
import type { FieldsOf } from "./identity.ts";

/** An object of Keycloak's as the engine sees it, or one for which Keycloak's client has no type. */
export type Representation = Readonly<Record<string, unknown>>;

/** One request about a realm, by its name. */
export type Request<T> = (client: KeycloakAdminClient, realm: string) => Promise<T>;

/** Part of a list, as Keycloak is asked for it. */
interface Page {
  readonly realm: string;
  readonly first: number;
  readonly max: number;
}

/** One realm of one Keycloak, by its administration API. */
export interface RealmAccess {
  readonly realm: string;
  readonly keycloak: Keycloak;
  /** The realm's own settings, with its attributes; `undefined` when there is no such realm. */
  settings(): Promise<RealmRepresentation | undefined>;
  /** Reads one thing; `undefined` when it is not there. */
  one<T>(what: string, request: Request<T>): Promise<NonNullable<T> | undefined>;
  /** Reads a list that Keycloak answers whole. */
  list<T>(what: string, request: Request<readonly T[]>): Promise<readonly T[]>;
  /** Reads a list that Keycloak cuts into pages: its own default would be 10 or 100, without a word. */
  pages<T>(what: string, request: (client: KeycloakAdminClient, page: Page) => Promise<T[]>): Promise<readonly T[]>;
  /** Makes what a second request would make twice; answers what Keycloak says of it. */
  create<T>(doing: string, request: Request<T>): Promise<NonNullable<T> | undefined>;
  /** Writes what may be written twice with one effect. */
  write(doing: string, request: Request<unknown>): Promise<void>;
  /** Takes away; what is gone already counts as done. */
  remove(doing: string, request: Request<unknown>): Promise<void>;
}

const pageSize = 1000;

/** The way to one realm. */
export function realmAccess(keycloak: Keycloak, realm: string): RealmAccess {
  const ask = <T>(operation: string, manner: Manner, request: Request<T>) =>
    keycloak.call(operation, manner, (client) => request(client, realm));
  const one: RealmAccess["one"] = (what, request) => ask(`read ${what} of realm ${realm}`, "read", request);
  const list: RealmAccess["list"] = async (what, request) => {
    const found = await one(what, request);
    return Array.isArray(found) ? found : [];
  };
  return {
    ...{ realm, keycloak, one, list },
    settings: () => one("settings", (client) => client.realms.findOne({ realm })),
    pages: async <T>(what: string, request: (client: KeycloakAdminClient, page: Page) => Promise<T[]>) => {
      const all: T[] = [];
      for (;;) {
        const page = { realm, first: all.length, max: pageSize };
        const some = await list(what, (client) => request(client, page));
        all.push(...some);
        if (some.length < pageSize) return all;
      }
    },
    create: (doing, request) => ask(doing, "once", request),
    write: async (doing, request) => {
      await ask(doing, "write", request);
    },
    remove: async (doing, request) => {
      await ask(doing, "remove", request);
    },
  };
}

/** What files say, as what Keycloak takes: names are checked here, values and what is `raw` by Keycloak itself. */
export const asSent = <T extends object>(fields: NoInfer<FieldsOf<T>>): T => fields as T;

/** A value as a map, if it is one. */
export const mapOf = (value: unknown): Representation | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Representation) : undefined;

/** A value as a list of maps; anything else is an empty one. */
export const listOf = (value: unknown): readonly Representation[] =>
  Array.isArray(value) ? (value as readonly Representation[]) : [];

/** A value as text; anything else is "". */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** Keycloak's representations are JSON; this says so to the compiler. */
export const asFields = (representation: object): PlainMap => representation as PlainMap;

/** What to do about something that was there, or is named wrongly. */
const nameOrPlan =
  "It was taken away since the plan was made, or its name in the realm file is wrong: correct that, or make a new plan";

/** Something that a step rests on is not there; `remedy`: what to do about it. */
export const missing = (doing: string, what: string, remedy = nameOrPlan): Fault =>
  new Fault("keycloak", doing, { message: `there is no ${what}. ${remedy}`, retryable: false, refused: true });
