import type { Identity, Plain, Resource } from "../../reconcile/index.ts";
import type { RealmSpec } from "../format/model.ts";
import type { GroupEntry } from "../format/rights.ts";
import { type GroupPath, groupPath } from "../group-path.ts";
import { formatRole, identityOfRole, roleKey, rolesIn } from "../role-name.ts";
import { defined, listed, merge } from "./fields.ts";

type Role = RealmSpec["roles"]["realm"][string];

/** Roles of the realm and of clients, and what everybody holds. */
export function desiredRoles(spec: RealmSpec): Resource[] {
  const { realm, clients, everybody } = spec.roles;
  return [
    ...Object.entries(realm).map(([name, role]) => roleOf({ kind: "realm-role", key: name }, role)),
    ...Object.entries(clients).flatMap(([client, roles]) =>
      Object.entries(roles).map(([name, role]) => {
        const resource = roleOf({ kind: "client-role", key: [client, name] }, role);
        return { ...resource, dependsOn: [{ kind: "client", key: client }, ...(resource.dependsOn ?? [])] };
      }),
    ),
    ...rolesIn(everybody).map((role) => ({
      kind: "default-right",
      key: roleKey(role),
      fields: { granted: true },
      dependsOn: [identityOfRole(role)],
    })),
  ];
}

function roleOf({ kind, key }: Identity, role: Role): Resource {
  const attributes = role.attributes && { attributes: listed(role.attributes) };
  const composites = role.composites && { composites: rolesIn(role.composites).map(formatRole).sort() };
  const fields = merge({ ...defined({ description: role.description }), ...attributes, ...composites }, role.raw);
  return { kind, key, fields, dependsOn: rolesIn(role.composites).map(identityOfRole) };
}

/** The tree of groups, parents first. */
export const desiredGroups = (spec: RealmSpec): Resource[] => under(undefined, spec.groups);

const under = (parent: GroupPath | undefined, groups: Readonly<Record<string, GroupEntry>>): Resource[] =>
  Object.entries(groups).flatMap(([name, group]): Resource[] => {
    const key = groupPath(...(parent?.path ?? []), name);
    const clientRoles = rolesIn({ clients: group.roles?.clients }).map(formatRole).sort();
    const rights: Record<string, Plain> =
      group.roles === undefined ? {} : { realmRoles: [...(group.roles.realm ?? [])].sort(), clientRoles };
    const attributes = group.attributes && { attributes: listed(group.attributes) };
    return [
      {
        kind: "group",
        key,
        fields: merge({ ...attributes, ...rights }, group.raw),
        dependsOn: [
          ...(parent === undefined ? [] : [{ kind: "group", key: parent }]),
          ...rolesIn(group.roles).map(identityOfRole),
        ],
      },
      ...(group.default ? [{ kind: "default-group", key, fields: {}, dependsOn: [{ kind: "group", key }] }] : []),
      ...under(key, group.groups ?? {}),
    ];
  });
