import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { type RealmAccess, textOf } from "./access.ts";
import { permissionsClient } from "./format/known.ts";
import { type NamedGroup, namedGroups } from "./groups.ts";
import { newRights } from "./kinds/new-realm.ts";
import { formatRole, parseRole, type RoleName } from "./role-name.ts";

/** A role of a client, or of the realm. */
export interface RoleSnapshot {
  readonly client?: string;
  readonly role: RoleRepresentation;
  /** Roles that it holds; absent: not read. */
  readonly composites?: readonly RoleName[];
}

/** The account of a client, with what it holds itself. */
export interface ServiceAccount {
  readonly client: string;
  readonly roles: readonly RoleName[];
  readonly groups: readonly NamedGroup[];
}

/** Client ids by internal id. */
export type ClientNames = ReadonlyMap<string, string>;

/** The name of a role. */
const roleName = (role: RoleRepresentation, clientNames: ClientNames): RoleName => ({
  ...(role.clientRole === true && { client: clientNames.get(role.containerId ?? "") ?? "?" }),
  role: textOf(role.name),
});

/** The roles of the clients that `isAsked` names. */
export async function readClientRoles(
  at: RealmAccess,
  clientNames: ClientNames,
  isAsked: (clientId: string) => boolean,
): Promise<RoleSnapshot[]> {
  const read = await Promise.all(
    [...clientNames]
      .filter(([, clientId]) => isAsked(clientId))
      .map(async ([id, client]) => {
        // Without attributes otherwise; the client has no type for it.
        const query = { id, briefRepresentation: false };
        const roles = await at.list(`roles of ${client}`, ({ clients }, realm) =>
          clients.listRoles({ realm, ...query }),
        );
        return roles.map((role) => ({ client, role }));
      }),
  );
  return read.flat();
}

/** The accounts of the clients that `isAsked` names. */
export async function readServiceAccounts(
  at: RealmAccess,
  clients: readonly ClientRepresentation[],
  clientNames: ClientNames,
  isAsked: (clientId: string) => boolean,
): Promise<ServiceAccount[]> {
  const having = clients.filter(
    ({ serviceAccountsEnabled, clientId = "" }) =>
      serviceAccountsEnabled === true && clientId !== permissionsClient && isAsked(clientId),
  );
  return Promise.all(
    having.map(async ({ id: clientUniqueId = "", clientId = "" }) => {
      const what = `service account of ${clientId}`;
      const account = { id: clientUniqueId };
      const user = await at.one(what, ({ clients: all }, realm) => all.getServiceAccountUser({ realm, ...account }));
      const id = textOf(user?.id);
      const [mappings, groups] = await Promise.all([
        at.one(what, ({ users }, realm) => users.listRoleMappings({ realm, id })),
        at.list(`groups of the ${what}`, ({ users }, realm) => users.listGroups({ realm, id })),
      ]);
      const ofClients = Object.values(mappings?.clientMappings ?? {});
      const held: RoleRepresentation[] = [
        ...(mappings?.realmMappings ?? []),
        ...ofClients.flatMap((one) => one.mappings ?? []),
      ];
      const roles = held.map((role) => roleName(role, clientNames));
      return { client: clientId, roles, groups: await namedGroups(at, groups) };
    }),
  );
}

/** What composite roles hold: one request for each, so only where somebody looks. */
export const withComposites = (
  at: RealmAccess,
  roles: readonly RoleSnapshot[],
  clientNames: ClientNames,
  isAsked: (role: RoleSnapshot) => boolean,
): Promise<RoleSnapshot[]> =>
  Promise.all(
    roles.map(async (r) => {
      if (r.role.composite !== true) return { ...r, composites: [] };
      if (!isAsked(r)) return r;
      return { ...r, composites: await compositesOf(at, textOf(r.role.id), clientNames) };
    }),
  );

/** The name of a role that was read. */
export const nameOf = ({ client, role }: RoleSnapshot): RoleName => ({
  ...(client !== undefined && { client }),
  role: textOf(role.name),
});

/**
 * Of each role those that it holds, by its name as `formatRole` has it, without what would close a circle. A role must go
 * before what it holds: Keycloak 26.0 answers 500 where both go at the same moment.
 */
export function heldBy(roles: readonly RoleSnapshot[]): ReadonlyMap<string, readonly RoleName[]> {
  const all = new Map(roles.map((r) => [formatRole(nameOf(r)), r.composites ?? []]));
  const held = new Map<string, readonly RoleName[]>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    if (held.has(name)) return;
    open.add(name);
    held.set(
      name,
      (all.get(name) ?? []).filter((part) => !open.has(formatRole(part))),
    );
    for (const part of held.get(name) ?? []) visit(formatRole(part));
    open.delete(name);
  };
  for (const name of [...all.keys()].sort()) visit(name);
  return held;
}

/** What one role holds. */
export async function compositesOf(
  at: RealmAccess,
  id: string,
  clientNames: ClientNames,
): Promise<readonly RoleName[]> {
  const held = await at.list("composites of a role", (client, realm) => client.roles.getCompositeRoles({ realm, id }));
  return held.map((one) => roleName(one, clientNames));
}

/** Roles that everybody holds in a new realm and not in this one, as `formatRole` has them; without those that are gone. */
export async function readWithheld(
  at: RealmAccess,
  held: readonly RoleName[],
  clientNames: ClientNames,
): Promise<ReadonlySet<string>> {
  const has = new Set(held.map(formatRole));
  const ids = new Map([...clientNames].map(([id, clientId]) => [clientId, id]));
  const missing = [...newRights].filter((text) => !has.has(text)).flatMap((text) => parseRole(text) ?? []);
  const there = missing.map(async (name) => {
    const id = name.client === undefined ? undefined : ids.get(name.client);
    if (name.client !== undefined && id === undefined) return [];
    const role = await at.one(`role ${formatRole(name)}`, ({ clients, roles }, realm) =>
      id === undefined
        ? roles.findOneByName({ realm, name: name.role })
        : clients.findRole({ realm, id, roleName: name.role }).then((found) => found ?? undefined),
    );
    return role === undefined ? [] : [formatRole(name)];
  });
  return new Set((await Promise.all(there)).flat());
}
