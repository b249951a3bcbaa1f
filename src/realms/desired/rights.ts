import type { Identity, Plain, Resource } from "../../reconcile/index.ts";
import { textsOf } from "../format/checks/rights.ts";
import type { RealmSpec } from "../format/model.ts";
import type { GroupEntry } from "../format/rights.ts";
import { listed, merge, said } from "./fields.ts";

type Role = RealmSpec["roles"]["realm"][string];

/** The resource behind a role as `realm <name>` or `<client> <name>`. */
function identityOfRole(text: string): Identity {
  return text.startsWith("realm ") ? { kind: "realm-role", key: text.slice(6) } : { kind: "client-role", key: text };
}

/** Roles of the realm and of clients, and what everybody holds. */
export function desiredRoles(spec: RealmSpec): Resource[] {
  const { realm, clients, everybody } = spec.roles;
  return [
    ...Object.entries(realm).map(([name, role]) => roleOf({ kind: "realm-role", key: name }, role)),
    ...Object.entries(clients).flatMap(([client, roles]) =>
      Object.entries(roles).map(([name, role]) => {
        const resource = roleOf({ kind: "client-role", key: `${client} ${name}` }, role);
        return { ...resource, dependsOn: [{ kind: "client", key: client }, ...(resource.dependsOn ?? [])] };
      }),
    ),
    ...textsOf(everybody).map((key) => ({
      kind: "default-right",
      key,
      fields: { granted: true },
      dependsOn: [identityOfRole(key)],
    })),
  ];
}

function roleOf({ kind, key }: Identity, role: Role): Resource {
  const attributes = role.attributes && { attributes: listed(role.attributes) };
  const composites = role.composites && { composites: textsOf(role.composites).sort() };
  const fields = merge({ ...said({ description: role.description }), ...attributes, ...composites }, role.raw);
  return { kind, key, fields, dependsOn: textsOf(role.composites).map(identityOfRole) };
}

/** The tree of groups, parents first. */
export const desiredGroups = (spec: RealmSpec): Resource[] => under("", spec.groups);

const under = (parent: string, groups: Readonly<Record<string, GroupEntry>>): Resource[] =>
  Object.entries(groups).flatMap(([name, group]): Resource[] => {
    const key = `${parent}/${name}`;
    const clientRoles = textsOf({ clients: group.roles?.clients }).sort();
    const rights: Record<string, Plain> =
      group.roles === undefined ? {} : { realmRoles: [...(group.roles.realm ?? [])].sort(), clientRoles };
    const attributes = group.attributes && { attributes: listed(group.attributes) };
    return [
      {
        kind: "group",
        key,
        fields: merge({ ...attributes, ...rights }, group.raw),
        dependsOn: [
          ...(parent === "" ? [] : [{ kind: "group", key: parent }]),
          ...textsOf(group.roles).map(identityOfRole),
        ],
      },
      ...(group.default ? [{ kind: "default-group", key, fields: {}, dependsOn: [{ kind: "group", key }] }] : []),
      ...under(key, group.groups ?? {}),
    ];
  });
