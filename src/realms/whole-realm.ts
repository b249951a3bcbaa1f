import { Fault } from "../core/index.ts";
import { type Lease, type LeaseOptions, takeLease } from "../reconcile/index.ts";
import { type RealmAccess, realmAccess } from "./access.ts";
import { baselineFor } from "./baseline.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { isMarked } from "./kinds/kind.ts";
import { leaseOn } from "./lease.ts";
import { clientsOf, identityProvidersOf, peopleOf } from "./lists.ts";

/** What goes with a realm that is deleted, besides what is ours. */
export interface RealmContents {
  /** The realm itself was made by us. */
  readonly ours: boolean;
  /** How many people it holds. */
  readonly people: number;
  /** How many of them never came through an identity provider of ours. */
  readonly strangers: number;
  /** Names of the clients that are neither ours nor Keycloak's own, in order. */
  readonly clients: readonly string[];
  /** Strangers and those clients together: the number that somebody must type before they are lost. */
  readonly foreign: number;
}

/** Looks at a whole realm; `undefined` when there is none. Makes and deletes a scratch realm. Throws `Fault`. */
export const contentsOfRealm = (
  connection: KeycloakConnection,
  realm: string,
  deps: ConnectionDeps,
): Promise<RealmContents | undefined> => contentsAt(realmAccess(connectKeycloak(connection, deps), realm));

/** How a deletion ended. `moved`: nothing was done, because it holds something else by now. */
export type RealmRemoved = { readonly outcome: "removed" | "moved" } | { readonly outcome: "held"; readonly by: Lease };

/**
 * Deletes a realm with everything in it, if it is ours and holds as many foreign things as were confirmed. Nothing brings
 * it back. Throws `Fault`.
 */
export async function removeRealm(
  connection: KeycloakConnection,
  realm: string,
  deps: ConnectionDeps & { readonly confirmed: number; readonly lease: LeaseOptions },
): Promise<RealmRemoved> {
  const at = realmAccess(connectKeycloak(connection, deps), realm);
  const lease = await takeLease(leaseOn(at), deps.lease);
  if ("holder" in lease) return { outcome: "held", by: lease };
  const contents = await contentsAt(at);
  if (contents?.ours !== true || contents.foreign !== deps.confirmed) {
    await lease.release();
    return { outcome: "moved" };
  }
  // The lease goes with it.
  const doing = `delete realm ${realm}`;
  await at.remove(doing, ({ realms }) => realms.del({ realm }));
  if ((await at.settings()) !== undefined)
    throw new Fault("keycloak", doing, { message: "it is still there. Run it again" });
  return { outcome: "removed" };
}

async function contentsAt(at: RealmAccess): Promise<RealmContents | undefined> {
  const settings = await at.settings();
  if (settings === undefined) return undefined;
  const aliases = (await identityProvidersOf(at)).flatMap(({ alias, config }) =>
    alias && isMarked(config) ? [alias] : [],
  );
  const everybody = await peopleOf(at);
  const strange = new Set(everybody.map(({ id }) => id));
  for (const alias of aliases) for (const { id } of await peopleOf(at, alias)) strange.delete(id);
  const own = new Set((await baselineFor(at)).filter(({ kind }) => kind === "client").map(({ key }) => key));
  const others = (await clientsOf(at)).filter(({ attributes }) => !isMarked(attributes));
  const clients = others.flatMap(({ clientId = "" }) => (own.has(clientId) ? [] : [clientId])).sort();
  const strangers = strange.size;
  const ours = isMarked(settings.attributes);
  return { ours, people: everybody.length, strangers, clients, foreign: strangers + clients.length };
}
