import type { Holding } from "../reconcile/index.ts";
import { type RealmAccess, type Request, realmAccess } from "./access.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { peopleOf } from "./lists.ts";

/** What a person holds in a realm: the account and its sessions there. `id` is the subject at the realm. Writes nothing. */
export const realmHoldingsOfPerson = (
  connection: KeycloakConnection,
  realm: string,
  id: string,
  deps: ConnectionDeps,
): Promise<Holding[]> => holdingsOfUser(realmAccess(connectKeycloak(connection, deps), realm), id);

/** What a tenant holds in a realm: its identity providers, their organization, and everybody who comes through them. */
export async function realmHoldingsOfTenant(
  connection: KeycloakConnection,
  realm: string,
  aliases: readonly string[],
  deps: ConnectionDeps,
): Promise<Holding[]> {
  const at = realmAccess(connectKeycloak(connection, deps), realm);
  const holdings: Holding[] = [];
  const organizations = new Set<string>();
  const people = new Set<string>();
  for (const alias of aliases) {
    const what = `identity provider ${alias}`;
    const found = await switchAt(at, what, {
      read: ({ identityProviders }) => identityProviders.findOne({ realm, alias }),
      write: (now) => (client) => client.identityProviders.update({ realm, alias }, now),
      name: () => what,
    });
    if (found === undefined) continue;
    holdings.push(found.holding);
    const organization: unknown = Reflect.get(found.thing, "organizationId");
    if (typeof organization === "string") organizations.add(organization);
  }
  for (const id of organizations) holdings.push(...(await holdingOfOrganization(at, id)));
  for (const alias of aliases) for (const { id } of await peopleOf(at, alias)) if (id !== undefined) people.add(id);
  for (const id of people) holdings.push(...(await holdingsOfUser(at, id)));
  return holdings;
}

async function holdingOfOrganization(at: RealmAccess, id: string): Promise<Holding[]> {
  const found = await switchAt(at, "organization", {
    read: ({ organizations }, realm) => organizations.findOne({ realm, id }),
    write: (now) => (client, realm) => client.organizations.updateById({ realm, id }, now),
    name: ({ name }) => `organization ${name}`,
  });
  return found === undefined ? [] : [found.holding];
}

async function holdingsOfUser(at: RealmAccess, id: string): Promise<Holding[]> {
  const found = await switchAt(at, "user", {
    read: ({ users }, realm) => users.findOne({ realm, id }),
    write: (now) => (client, realm) => client.users.update({ realm, id }, now),
    name: ({ username }) => `user ${username}, ${id}`,
  });
  if (found === undefined) return [];
  const count = async () =>
    (await at.list("sessions of a user", ({ users }, realm) => users.listSessions({ realm, id }))).length;
  const sessions = await count();
  return [
    found.holding,
    {
      where: whereOf(at),
      what: `${sessions === 0 ? "no" : sessions} session${sessions === 1 ? "" : "s"} of ${found.thing.username}`,
      becomes: "ended",
      ended: sessions === 0,
      end: () => at.write("end the sessions", ({ users }, realm) => users.logout({ realm, id })),
      verify: async () => (await count()) === 0,
    },
  ];
}

const whereOf = ({ realm }: RealmAccess): string => `Keycloak, realm ${realm}`;

/** Something with an `enabled` of its own. */
interface Switch<T> {
  readonly read: Request<T | undefined>;
  readonly write: (now: object) => Request<unknown>;
  readonly name: (thing: T) => string;
}

/** What is there, and how it is switched off; `undefined` when it is not there. */
async function switchAt<T extends { readonly enabled?: boolean }>(
  at: RealmAccess,
  what: string,
  { read, write, name }: Switch<T>,
): Promise<{ readonly thing: T; readonly holding: Holding } | undefined> {
  const thing = await at.one(what, read);
  if (thing === undefined) return undefined;
  const holding: Holding = {
    where: whereOf(at),
    what: name(thing),
    becomes: "disabled",
    ended: thing.enabled === false,
    end: async () => {
      // The whole of it as it is now: what a PUT leaves out, Keycloak may take for empty.
      const now = await at.one(what, read);
      if (now !== undefined) await at.write(`disable the ${what}`, write({ ...now, enabled: false }));
    },
    verify: async () => (await at.one(what, read))?.enabled !== true,
  };
  return { thing, holding };
}
