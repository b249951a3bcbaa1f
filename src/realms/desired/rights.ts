import type { Plain } from "../../reconcile/index.ts";
import type { OrganizationSpec, RealmSpec } from "../format/model.ts";
import type { GroupEntry } from "../format/rights.ts";
import type { RoleNames } from "../format/vocabulary.ts";
import { type GroupPath, groupPath } from "../group-path.ts";
import type { RealmIdentity, RealmResource } from "../identity.ts";
import { formatRole, identityOfRole, type RoleName, roleKey, rolesIn } from "../role-name.ts";
import { defined, listed, merge } from "./fields.ts";
import { withheldRoles } from "./withheld.ts";

/** The roles that tokens of a client, or with a scope, may carry; nothing where the file does not say them. */
export function roleScope(
  of: RealmIdentity<"client-role-scope" | "client-scope-role-scope">,
  names: RoleNames | undefined,
  dependsOn: readonly RealmIdentity[],
): RealmResource[] {
  if (names === undefined) return [];
  const roles = rolesIn(names);
  const fields = { roles: roles.map(formatRole).sort() };
  return [{ ...of, fields, dependsOn: [...dependsOn, ...roles.map(identityOfRole)] }];
}

type Role = RealmSpec["roles"]["realm"][string];

/** Roles of the realm and of clients, and what everybody holds. */
export function desiredRoles(spec: RealmSpec): RealmResource[] {
  const { realm, clients, everybody, nobody } = spec.roles;
  // With a broker some are withheld whatever the file says.
  const withheld = new Set(spec.broker === undefined ? [] : withheldRoles.map(formatRole));
  const right = (role: RoleName, granted: boolean): RealmResource => ({
    kind: "default-right",
    key: roleKey(role),
    fields: { granted },
    dependsOn: [identityOfRole(role)],
  });
  return [
    ...Object.entries(realm).map(([name, role]) => roleOf({ kind: "realm-role", key: name }, role)),
    ...Object.entries(clients).flatMap(([client, roles]) =>
      Object.entries(roles).map(([name, role]) =>
        roleOf({ kind: "client-role", key: [client, name] }, role, { kind: "client", key: client }),
      ),
    ),
    ...rolesIn(everybody).map((role) => right(role, true)),
    ...rolesIn(nobody).flatMap((role) => (withheld.has(formatRole(role)) ? [] : [right(role, false)])),
  ];
}

function roleOf(of: RealmIdentity<"realm-role" | "client-role">, role: Role, client?: RealmIdentity): RealmResource {
  const attributes = role.attributes && { attributes: listed(role.attributes) };
  const composites = role.composites && { composites: rolesIn(role.composites).map(formatRole).sort() };
  const fields = merge({ ...defined({ description: role.description }), ...attributes, ...composites }, role.raw);
  return {
    ...of,
    fields,
    dependsOn: [...(client === undefined ? [] : [client]), ...rolesIn(role.composites).map(identityOfRole)],
  };
}

/** The tree of groups, parents first. */
export const desiredGroups = (spec: RealmSpec): RealmResource[] =>
  tree(spec.groups).flatMap(({ key, above, group }): RealmResource[] => {
    const itself: RealmIdentity = { kind: "group", key };
    const parents: readonly RealmIdentity[] = above === undefined ? [] : [{ kind: "group", key: above }];
    const byDefault: RealmResource = { kind: "default-group", key, fields: {}, dependsOn: [itself] };
    return [{ ...itself, ...groupOf(group, parents) }, ...(group.default ? [byDefault] : [])];
  });

/** The same of one organization. */
export const desiredOrganizationGroups = ({ id, groups }: OrganizationSpec): RealmResource[] =>
  tree(groups).map(({ key, above, group }): RealmResource => {
    const parent: RealmIdentity =
      above === undefined ? { kind: "organization", key: id } : { kind: "organization-group", key: [id, above] };
    return { kind: "organization-group", key: [id, key], ...groupOf(group, [parent]) };
  });

/** A group of a tree with its path, and that of the group above. */
interface InTree {
  readonly key: GroupPath;
  readonly above: GroupPath | undefined;
  readonly group: GroupEntry;
}

const tree = (groups: Readonly<Record<string, GroupEntry>>, above?: GroupPath): InTree[] =>
  Object.entries(groups).flatMap(([name, group]) => {
    const key = groupPath(...(above?.path ?? []), name);
    return [{ key, above, group }, ...tree(group.groups ?? {}, key)];
  });

function groupOf(group: GroupEntry, above: readonly RealmIdentity[]) {
  const clientRoles = rolesIn({ clients: group.roles?.clients }).map(formatRole).sort();
  const rights: Record<string, Plain> =
    group.roles === undefined ? {} : { realmRoles: [...(group.roles.realm ?? [])].sort(), clientRoles };
  const attributes = group.attributes && { attributes: listed(group.attributes) };
  return {
    fields: merge({ ...attributes, ...rights }, group.raw),
    dependsOn: [...above, ...rolesIn(group.roles).map(identityOfRole)],
  };
}
