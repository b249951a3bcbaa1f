import type ClientRepresentation from "@keycloak/keycloak-admin-client/lib/defs/clientRepresentation.js";
import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { type RealmAccess, textOf } from "./access.ts";
import { permissionsClient } from "./format/known.ts";
import type { RoleName } from "./role-name.ts";

/** A role of a client, or of the realm. */
export interface RoleSnapshot {
  readonly client?: string;
  readonly role: RoleRepresentation;
  /** Roles that it holds; absent: not read. */
  readonly composites?: readonly RoleName[];
}

/** A role that the service account of a client holds. */
export interface HeldRole {
  readonly client: string;
  readonly role: RoleName;
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

/** The roles of service accounts. */
export async function readServiceAccounts(
  at: RealmAccess,
  clients: readonly ClientRepresentation[],
  clientNames: ClientNames,
  isAsked: (clientId: string) => boolean,
): Promise<HeldRole[]> {
  const having = clients.filter(
    ({ serviceAccountsEnabled, clientId = "" }) =>
      serviceAccountsEnabled === true && clientId !== permissionsClient && isAsked(clientId),
  );
  const read = await Promise.all(
    having.map(async ({ id = "", clientId = "" }) => {
      const what = `service account of ${clientId}`;
      const user = await at.one(what, (client, realm) => client.clients.getServiceAccountUser({ realm, id }));
      const mappings = await at.one(what, (client, realm) =>
        client.users.listRoleMappings({ realm, id: textOf(user?.id) }),
      );
      const ofClients = Object.values(mappings?.clientMappings ?? {});
      const held: RoleRepresentation[] = [
        ...(mappings?.realmMappings ?? []),
        ...ofClients.flatMap((one) => one.mappings ?? []),
      ];
      return held.map((role) => ({ client: clientId, role: roleName(role, clientNames) }));
    }),
  );
  return read.flat();
}

/** What composite roles hold: one request for each, so only where somebody looks. */
export const withComposites = (
  at: RealmAccess,
  roles: readonly RoleSnapshot[],
  clientNames: ClientNames,
  isAsked: (name: RoleName) => boolean,
): Promise<RoleSnapshot[]> =>
  Promise.all(
    roles.map(async (r) => {
      if (r.role.composite !== true) return { ...r, composites: [] };
      if (!isAsked({ ...(r.client !== undefined && { client: r.client }), role: textOf(r.role.name) })) return r;
      return { ...r, composites: await compositesOf(at, textOf(r.role.id), clientNames) };
    }),
  );

/** What one role holds. */
export async function compositesOf(
  at: RealmAccess,
  id: string,
  clientNames: ClientNames,
): Promise<readonly RoleName[]> {
  const held = await at.list("composites of a role", (client, realm) => client.roles.getCompositeRoles({ realm, id }));
  return held.map((one) => roleName(one, clientNames));
}
