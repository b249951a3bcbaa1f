import type AdminEventRepresentation from "@keycloak/keycloak-admin-client/lib/defs/adminEventRepresentation.js";
import { dateOf, Fault, type Instant, instant } from "../core/index.ts";
import type { Identity } from "../reconcile/index.ts";
import { type RealmAccess, realmAccess, textOf } from "./access.ts";
import { changedBy } from "./changed-objects.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";

/** One change that somebody made through Keycloak's administration, as its admin events tell it. */
export interface AdminChange extends Identity {
  readonly at: Instant;
  readonly operation: "create" | "update" | "delete" | "action";
  /** Name of the account; its id when it is gone, or ours may not see it. */
  readonly user?: string;
  /** Client it came through, such as `security-admin-console`; its id likewise. */
  readonly client?: string;
  readonly address?: string;
  /**
   * The account and the client are those that this connection uses. That is no proof that an apply of ours did it: an
   * administrator's account is used by hand, too, and Keycloak sees no difference.
   */
  readonly ourAccount: boolean;
}

const operations: Readonly<Record<string, AdminChange["operation"]>> = {
  CREATE: "create",
  UPDATE: "update",
  DELETE: "delete",
};

/**
 * Who changed what in a realm since then, oldest first, as far as Keycloak kept it: nothing when admin events are off.
 * Throws `Fault` when Keycloak cannot be reached.
 */
export async function whoChanged(
  connection: KeycloakConnection,
  realm: string,
  since: Instant,
  deps: ConnectionDeps,
): Promise<readonly AdminChange[]> {
  const keycloak = connectKeycloak(connection, deps);
  const at = realmAccess(keycloak, realm);
  const events = (await eventsFrom(at, since)).filter((e) => timeOf(e) >= since);
  const people = nameFinder([realmAccess(keycloak, connection.realm), at]);
  const objects = changedBy(at);
  const ours = ourNames(connection);
  const changes: AdminChange[] = [];
  for (const event of events.toReversed()) {
    const by = event.authDetails ?? {};
    const user = (await people(textOf(by.userId), accountName)) ?? by.userId;
    const client = (await people(textOf(by.clientId), clientName)) ?? by.clientId;
    const more = {
      at: timeOf(event),
      operation: operations[textOf(event.operationType)] ?? "action",
      ...(user && { user }),
      ...(client && { client }),
      ...(by.ipAddress && { address: by.ipAddress }),
      ourAccount: user === ours.user && client === ours.client,
    } as const;
    changes.push(...(await objects(event)).map((identity) => ({ ...identity, ...more })));
  }
  return changes;
}

/** By day, which is what Keycloak asks for; the client's type is a date, which it would send in words. */
const eventsFrom = (at: RealmAccess, since: Instant): Promise<readonly AdminEventRepresentation[]> => {
  const query: object = { dateFrom: dateOf(since).toISOString().slice(0, 10) };
  return at.pages("admin events", ({ realms }, page) => realms.findAdminEvents({ ...page, ...query }));
};

const timeOf = (event: AdminEventRepresentation): Instant => instant(Math.floor(Number(event.time) / 1000));

function ourNames({ credentials: c }: KeycloakConnection): { readonly user: string; readonly client: string } {
  if (c.kind === "client") return { user: `service-account-${c.clientId.toLowerCase()}`, client: c.clientId };
  return { user: c.username.toLowerCase(), client: c.clientId ?? "admin-cli" };
}

/** Finds the name behind an id in one realm. */
type FindName = (at: RealmAccess, id: string) => Promise<string | undefined>;

const accountName: FindName = async (at, id) =>
  (await at.one("an account", ({ users }, realm) => users.findOne({ realm, id })))?.username;

const clientName: FindName = async (at, id) =>
  (await at.one("a client", ({ clients }, realm) => clients.findOne({ realm, id })))?.clientId;

/** Finds names by id, each once; an event names neither the realm of an account nor the account. */
function nameFinder(realms: readonly RealmAccess[]): (id: string, name: FindName) => Promise<string | undefined> {
  const known = new Map<string, Promise<string | undefined>>();
  const find = async (id: string, name: FindName) => {
    for (const at of realms) {
      const found = await name(at, id).catch(unlessRefused);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return (id, name) => {
    if (id === "") return Promise.resolve(undefined);
    const kept = known.get(id) ?? find(id, name);
    known.set(id, kept);
    return kept;
  };
}

/** An account that may not look at people still learns what was changed. */
function unlessRefused(thrown: unknown): undefined {
  if (thrown instanceof Fault && thrown.refused) return undefined;
  throw thrown;
}
