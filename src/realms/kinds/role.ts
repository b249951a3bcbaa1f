import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type { RoleMappingPayload } from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { formatKey, type PlainMap, type Resource } from "../../reconcile/index.ts";
import { asFields, asSent, missing, type RealmAccess, textOf } from "../access.ts";
import type { KindName, RealmKeys } from "../identity.ts";
import { leaseRole } from "../lease.ts";
import { formatRole, identityOfRole, parseRole, type RoleName } from "../role-name.ts";
import { heldBy, nameOf, type RoleSnapshot } from "../roles.ts";
import { clientIdOf } from "./client.ts";
import { idOf, inner, isMarked, type Kind, listMarker, type Seen, texts, withoutEmpty, withoutNulls } from "./kind.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

const rule = <N extends KindName>(kind: N, level: number) =>
  ({
    ...({ kind, level, lists: { composites: "set", "attributes.*": "unordered" }, grants: true } as const),
    unsaid: unsaidOf({ fields: { description: null, composites: [] }, open: { attributes: nobodys } }),
  }) as const;

function observed<N extends "realm-role" | "client-role">(
  kind: N,
  key: RealmKeys[N],
  snapshot: RoleSnapshot,
  parts: ReturnType<typeof heldBy>,
): Seen<N> {
  const { role, composites } = snapshot;
  const held = composites && { composites: composites.map(formatRole) };
  const fields = withoutEmpty({ ...asFields(role), ...held });
  const id = textOf(role.id);
  const dependsOn = (parts.get(formatRole(nameOf(snapshot))) ?? []).map(identityOfRole);
  return { kind, key, id, fields, owned: isMarked(role.attributes), dependsOn, remote: { id, raw: asFields(role) } };
}

/** Roles of the realm. The key is the name. */
export const realmRoleKind: Kind<"realm-role"> = {
  section: "roles",
  rule: rule("realm-role", 1),
  parts: ["realm-roles", "clients"],
  observe: ({ snapshot: { roles } }) => {
    const parts = heldBy(roles);
    return roles
      .filter((r) => r.client === undefined && r.role.name !== leaseRole)
      .map((r) => observed("realm-role", textOf(r.role.name), r, parts));
  },
  create: (at, resource) => create(at, resource, resource.key),
  update,
  remove,
};

/** Roles of clients. The key is client and role. */
export const clientRoleKind: Kind<"client-role"> = {
  section: "roles",
  rule: rule("client-role", 3),
  parts: ["clients", "client-roles"],
  place: ({ key: [client] }) => client,
  observe: ({ snapshot: { roles } }) => {
    const parts = heldBy(roles);
    return roles.flatMap((r) =>
      r.client === undefined ? [] : [observed("client-role", [r.client, textOf(r.role.name)], r, parts)],
    );
  },
  create: async (at, resource) => {
    const [clientId, name] = resource.key;
    await create(at, resource, name, await clientIdOf(at, clientId));
  },
  update,
  remove,
};

/** `owner` is the client's internal id; without one the role is the realm's. */
async function create(at: RealmAccess, resource: Resource, name: string, owner?: string): Promise<void> {
  const { composites, ...fields } = resource.fields;
  const attributes = { ...withoutNulls(inner(fields, "attributes")), ...listMarker };
  const doing = `create role ${formatKey(resource.key)}`;
  const role = { ...withoutNulls(fields), name, attributes };
  await at.create<unknown>(doing, ({ clients, roles }, realm) =>
    owner === undefined
      ? roles.create({ realm, ...asSent(role) })
      : clients.createRole({ realm, id: owner, ...asSent(role) }),
  );
  const held = texts(composites);
  if (held.length === 0) return;
  await hold(at, doing, textOf((await readRole(at, name, owner))?.id), held);
}

const readRole = (at: RealmAccess, name: string, owner?: string) =>
  at.one(`role ${name}`, ({ clients, roles }, realm) =>
    owner === undefined
      ? roles.findOneByName({ realm, name })
      : clients.findRole({ realm, id: owner, roleName: name }).then((found) => found ?? undefined),
  );

function remove(at: RealmAccess, observed: Seen): Promise<void> {
  const id = idOf(observed);
  return at.remove(`delete role ${formatKey(observed.key)}`, ({ roles }, realm) => roles.delById({ realm, id }));
}

async function update(at: RealmAccess, resource: Resource, observed: Seen): Promise<void> {
  const doing = `update role ${formatKey(resource.key)}`;
  const id = idOf(observed);
  const { composites, ...fields } = resource.fields;
  const raw: PlainMap = observed.remote?.raw ?? {};
  const attributes = withoutNulls({ ...inner(raw, "attributes"), ...inner(fields, "attributes") });
  const role = { ...withoutNulls({ ...raw, ...fields }), attributes };
  await at.write(doing, ({ roles }, realm) => roles.updateById({ realm, id }, asSent(role)));
  if (composites === undefined) return;
  const [was, will] = [texts(observed.fields["composites"]), texts(composites)];
  const gone = was.filter((name) => !will.includes(name));
  if (gone.length > 0) {
    const held = await rolesThere(at, gone.map(readRoleName));
    if (held.length > 0) await at.remove(doing, ({ roles }, realm) => roles.delCompositeRoles({ realm, id }, held));
  }
  await hold(
    at,
    doing,
    id,
    will.filter((name) => !was.includes(name)),
  );
}

async function hold(at: RealmAccess, doing: string, id: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const held = await rolesOf(at, doing, names.map(readRoleName));
  await at.write(doing, ({ roles }, realm) => roles.createComposite({ realm, roleId: id }, held));
}

/** The role that a field names. Throws `Fault` when the text names none. */
export function readRoleName(text: string): RoleName {
  const role = parseRole(text);
  if (role === undefined) throw missing("read the name of a role", `role "${text}"`);
  return role;
}

/** Roles as Keycloak wants them when one is given or taken. */
export async function rolesOf(
  at: RealmAccess,
  doing: string,
  names: readonly RoleName[],
): Promise<RoleMappingPayload[]> {
  const found: RoleMappingPayload[] = [];
  for (const name of names) {
    const owner = name.client === undefined ? undefined : await clientIdOf(at, name.client);
    const role = await readRole(at, name.role, owner);
    if (role === undefined) throw missing(doing, `role "${formatRole(name)}"`);
    found.push({ ...role, id: textOf(role.id), name: name.role });
  }
  return found;
}

/** Those of the roles that are there: what has gone already need not be taken from anybody. */
export async function rolesThere(at: RealmAccess, names: readonly RoleName[]): Promise<RoleMappingPayload[]> {
  const found: RoleMappingPayload[] = [];
  for (const name of names) {
    const [client] =
      name.client === undefined
        ? [undefined]
        : await at.list("clients", ({ clients }, realm) => clients.find({ realm, clientId: textOf(name.client) }));
    if (name.client !== undefined && client === undefined) continue;
    const role = await readRole(at, name.role, client?.id);
    if (role !== undefined) found.push({ ...role, id: textOf(role.id), name: name.role });
  }
  return found;
}

/** Somebody who holds roles: a group, or the account of a client, by whom it is among. */
export interface RoleHolder {
  readonly among: (client: KeycloakAdminClient) => KeycloakAdminClient["groups"] | KeycloakAdminClient["users"];
  readonly id: string;
}

/** Gives a role, or takes it. */
export async function mapRole(
  at: RealmAccess,
  doing: string,
  what: "give" | "take",
  { among, id }: RoleHolder,
  name: RoleName,
): Promise<void> {
  const roles = what === "give" ? await rolesOf(at, doing, [name]) : await rolesThere(at, [name]);
  if (roles.length === 0) return;
  const clientUniqueId = name.client === undefined ? undefined : await clientIdOf(at, name.client);
  if (what === "give") {
    return at.write(doing, (client, realm) =>
      clientUniqueId === undefined
        ? among(client).addRealmRoleMappings({ realm, id, roles })
        : among(client).addClientRoleMappings({ realm, id, clientUniqueId, roles }),
    );
  }
  return at.remove(doing, (client, realm) =>
    clientUniqueId === undefined
      ? among(client).delRealmRoleMappings({ realm, id, roles })
      : among(client).delClientRoleMappings({ realm, id, clientUniqueId, roles }),
  );
}
