import type { KeycloakAdmin } from "../support/keycloak-admin.ts";

/** Anything that Keycloak's admin API answers or takes. */
export type Fields = Record<string, unknown>;

/** One realm by hand: Keycloak's admin API with the realm's own path put before. Plain requests, not what is tested. */
export interface Hand {
  readonly realm: string;
  get(path: string): Promise<Fields>;
  list(path: string): Promise<Fields[]>;
  /** Answers the id of what was made. */
  post(path: string, body?: unknown): Promise<string>;
  put(path: string, body: unknown): Promise<void>;
  del(path: string, body?: unknown): Promise<void>;
  /** Any request, with what it answers. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Reads a thing, changes members of it, and writes it back whole, as Keycloak's console does. */
  change(path: string, members: Fields): Promise<void>;
}

/** One realm of a Keycloak, by hand. */
export function handOn(admin: KeycloakAdmin, realm: string): Hand {
  const at = (path: string) => `/${encodeURIComponent(realm)}${path}`;
  const hand: Hand = {
    realm,
    get: (path) => admin.get(at(path)),
    list: (path) => admin.list(at(path)),
    post: async (path, body) => {
      const answer = await admin.call("POST", at(path), body);
      // Most answer where the new thing is, some the thing itself.
      return String(typeof answer === "object" && answer !== null ? (answer as Fields)["id"] : answer);
    },
    put: async (path, body) => {
      await admin.call("PUT", at(path), body);
    },
    del: async (path, body) => {
      await admin.call("DELETE", at(path), body);
    },
    ask: (method, path, body) => admin.call(method, at(path), body),
    change: async (path, members) => hand.put(path, { ...(await hand.get(path)), ...members }),
  };
  return hand;
}

/** The one of a list that has this value there; throws when there is none. */
export function named(list: readonly Fields[], member: string, value: string): Fields & { readonly id: string } {
  const found = list.find((it) => it[member] === value);
  if (found === undefined) throw new Error(`no ${member} "${value}" among ${list.map((it) => it[member]).join(", ")}`);
  return found as Fields & { readonly id: string };
}

/** Id of a client by its client id. */
export async function clientId(hand: Hand, client: string): Promise<string> {
  return named(await hand.list(`/clients?clientId=${encodeURIComponent(client)}`), "clientId", client).id;
}

/** Id of a client scope by its name. */
export const scopeId = async (hand: Hand, scope: string): Promise<string> =>
  named(await hand.list("/client-scopes"), "name", scope).id;
