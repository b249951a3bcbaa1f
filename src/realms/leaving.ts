import type { Holding } from "../reconcile/index.ts";
import { type ConnectionDeps, connectKeycloak, type Keycloak, type KeycloakConnection } from "./connection.ts";

/** One realm of a connected server. */
interface Place {
  readonly keycloak: Keycloak;
  readonly realm: string;
  readonly where: string;
}

const placeOf = (connection: KeycloakConnection, realm: string, deps: ConnectionDeps): Place => ({
  keycloak: connectKeycloak(connection, deps),
  realm,
  where: `Keycloak, realm ${realm}`,
});

/** What a person holds in a realm: the account and its sessions there. `id` is the subject at the realm. Writes nothing. */
export async function realmHoldingsOfPerson(
  connection: KeycloakConnection,
  realm: string,
  id: string,
  deps: ConnectionDeps,
): Promise<Holding[]> {
  return holdingsOfUser(placeOf(connection, realm, deps), id);
}

/** What a tenant holds in a realm: its identity providers, their organization, and everybody who comes through them. */
export async function realmHoldingsOfTenant(
  connection: KeycloakConnection,
  realm: string,
  aliases: readonly string[],
  deps: ConnectionDeps,
): Promise<Holding[]> {
  const place = placeOf(connection, realm, deps);
  const { keycloak } = place;
  const holdings: Holding[] = [];
  const organizations = new Set<string>();
  for (const alias of aliases) {
    const what = `identity provider ${alias}`;
    const read = () =>
      keycloak.call(`read the ${what}`, "read", (client) => client.identityProviders.findOne({ realm, alias }));
    const found = await read();
    if (found === undefined) continue;
    const write = (now: object) =>
      keycloak.call(`disable the ${what}`, "write", (client) => client.identityProviders.update({ realm, alias }, now));
    holdings.push(switchedOff(place, what, found, { read, write }));
    const organization: unknown = Reflect.get(found, "organizationId");
    if (typeof organization === "string") organizations.add(organization);
  }
  for (const id of organizations) holdings.push(...(await holdingOfOrganization(place, id)));
  for (const alias of aliases)
    for (const user of await usersOf(place, alias)) holdings.push(...(await holdingsOfUser(place, user)));
  return holdings;
}

async function holdingOfOrganization(place: Place, id: string): Promise<Holding[]> {
  const { keycloak, realm } = place;
  const read = () =>
    keycloak.call("read the organization", "read", (client) => client.organizations.findOne({ realm, id }));
  const found = await read();
  if (found === undefined) return [];
  const write = (now: object) =>
    keycloak.call("disable the organization", "write", (client) => client.organizations.updateById({ realm, id }, now));
  return [switchedOff(place, `organization ${found.name}`, found, { read, write })];
}

const page = 200;

/** Ids of everybody who ever came through an identity provider. */
async function usersOf({ keycloak, realm }: Place, alias: string): Promise<string[]> {
  const all: string[] = [];
  for (let first = 0; ; first += page) {
    const query = { realm, idpAlias: alias, first, max: page };
    const users = (await keycloak.call("list the users", "read", (client) => client.users.find(query))) ?? [];
    all.push(...users.flatMap(({ id }) => id ?? []));
    if (users.length < page) return all;
  }
}

async function holdingsOfUser(place: Place, id: string): Promise<Holding[]> {
  const { keycloak, realm, where } = place;
  const read = () => keycloak.call("read the user", "read", (client) => client.users.findOne({ realm, id }));
  const found = await read();
  if (found === undefined) return [];
  const write = (now: object) =>
    keycloak.call("disable the user", "write", (client) => client.users.update({ realm, id }, now));
  const count = async () =>
    ((await keycloak.call("list sessions", "read", (client) => client.users.listSessions({ realm, id }))) ?? []).length;
  const sessions = await count();
  return [
    switchedOff(place, `user ${found.username}, ${id}`, found, { read, write }),
    {
      where,
      what: `${sessions} session${sessions === 1 ? "" : "s"} of ${found.username}`,
      becomes: "ended",
      ended: sessions === 0,
      end: async () => {
        await keycloak.call("end the sessions", "write", (client) => client.users.logout({ realm, id }));
      },
      verify: async () => (await count()) === 0,
    },
  ];
}

interface Switch {
  read(): Promise<{ readonly enabled?: boolean } | undefined>;
  write(now: object): Promise<unknown>;
}

function switchedOff(
  { where }: Place,
  what: string,
  found: { readonly enabled?: boolean },
  { read, write }: Switch,
): Holding {
  return {
    where,
    what,
    becomes: "disabled",
    ended: found.enabled === false,
    end: async () => {
      // The whole of it as it is now: what a PUT leaves out, Keycloak may take for empty.
      const now = await read();
      if (now) await write({ ...now, enabled: false });
    },
    verify: async () => (await read())?.enabled !== true,
  };
}
