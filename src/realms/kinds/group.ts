import { Fault } from "../../core/index.ts";
import { formatKey, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { asFields, type RealmAccess, textOf } from "../access.ts";
import { type GroupPath, groupPath } from "../group-path.ts";
import { groupIdOf } from "../groups.ts";
import { formatRole, type RoleName, rolesIn } from "../role-name.ts";
import {
  idOf,
  inner,
  isMarked,
  type Kind,
  listMarker,
  never,
  type Seen,
  texts,
  type Wanted,
  withoutNulls,
} from "./kind.ts";
import { mapRole, readRoleName } from "./role.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

const nameOf = ({ path }: GroupPath): string => path.at(-1) ?? "";
const parentOf = ({ path }: GroupPath): GroupPath | undefined =>
  path.length > 1 ? groupPath(...path.slice(0, -1)) : undefined;

/** Groups. The key is the path. What its members are is nobody's business here. */
export const groupKind: Kind<"group"> = {
  section: "groups",
  rule: {
    ...{
      kind: "group",
      level: 4,
      lists: { realmRoles: "set", clientRoles: "set", "attributes.*": "unordered" },
      grants: true,
    },
    unsaid: unsaidOf({
      fields: { description: null, realmRoles: [], clientRoles: [] },
      open: { attributes: nobodys },
    }),
  },
  parts: ["groups"],
  place: ({ key }) => parentOf(key),
  observe: ({ snapshot }) =>
    snapshot.groups.map(({ key, group }) => {
      const parent = parentOf(key);
      return {
        kind: "group",
        key,
        id: textOf(group.id),
        fields: { ...asFields(group), clientRoles: clientRolesOf(asFields(group)) },
        dependsOn: parent === undefined ? [] : [{ kind: "group", key: parent }],
        owned: isMarked(group.attributes),
        remote: { id: textOf(group.id), raw: asFields(group) },
      };
    }),
  create: async (at, resource) => {
    const doing = `create group ${formatKey(resource.key)}`;
    const parent = parentOf(resource.key);
    const id = parent === undefined ? undefined : await groupIdOf(at, doing, parent);
    const attributes = { ...withoutNulls(inner(resource.fields, "attributes")), ...listMarker };
    const group = { ...withoutNulls(ownFields(resource.fields)), name: nameOf(resource.key), attributes };
    const made = await at.create(doing, ({ groups }, realm) =>
      id === undefined ? groups.create({ realm, ...group }) : groups.createChildGroup({ realm, id }, group),
    );
    await mapRoles(at, doing, textOf(made?.id), resource.fields, {});
  },
  update,
  remove: async (at, observed) => {
    const id = idOf(observed);
    const doing = `delete group ${formatKey(observed.key)}`;
    const children = await at.pages("groups", ({ groups }, page) => groups.listSubGroups({ ...page, parentId: id }));
    if (children.length > 0) {
      // They would go with it, and whoever made them made them for people who are in them.
      const message = `it holds groups that were not made by us, such as "${textOf(children[0]?.path)}"`;
      throw new Fault("keycloak", doing, { message, retryable: false, refused: true });
    }
    await at.remove(doing, ({ groups }, realm) => groups.del({ realm, id }));
  },
};

async function update(at: RealmAccess, { key, fields }: Wanted<"group">, observed: Seen): Promise<void> {
  const doing = `update group ${formatKey(key)}`;
  const id = idOf(observed);
  const own = ownFields(fields);
  if (Object.keys(own).length > 0) {
    const raw = observed.remote?.raw ?? {};
    const attributes = withoutNulls({ ...inner(raw, "attributes"), ...inner(fields, "attributes") });
    // A PUT clears the description that it does not name.
    const group = {
      ...withoutNulls({ description: raw["description"] ?? null, ...own }),
      name: nameOf(key),
      attributes,
    };
    await at.write(doing, ({ groups }, realm) => groups.update({ realm, id }, group));
  }
  await mapRoles(at, doing, id, fields, observed.fields);
}

/** What a PUT of the group itself takes: its roles have requests of their own. */
function ownFields(fields: PlainMap): PlainMap {
  const { realmRoles: _realm, clientRoles: _client, ...own } = fields;
  return own;
}

/** Keycloak's map of lists, as fields hold it. */
const clientRolesOf = (group: PlainMap): Plain =>
  rolesIn({ clients: inner(group, "clientRoles") as Readonly<Record<string, string[]>> }).map(formatRole);

/** Gives and takes the roles that `fields` declares; what it does not declare stays. */
async function mapRoles(at: RealmAccess, doing: string, id: string, fields: PlainMap, before: PlainMap): Promise<void> {
  const names = (from: PlainMap): ReadonlyMap<string, RoleName> => {
    const roles = [
      ...texts(from["realmRoles"]).map((role) => ({ role })),
      ...texts(from["clientRoles"]).map(readRoleName),
    ];
    return new Map(roles.map((role) => [formatRole(role), role]));
  };
  const declared = ({ client }: RoleName) => fields[client === undefined ? "realmRoles" : "clientRoles"] !== undefined;
  const [was, will] = [names(before), names(fields)];
  for (const [name, role] of was) {
    if (declared(role) && !will.has(name)) await mapRole(at, doing, "take", { all: "groups", id }, role);
  }
  for (const [name, role] of will) {
    if (!was.has(name)) await mapRole(at, doing, "give", { all: "groups", id }, role);
  }
}

/** Groups that every new person of the realm is put into. The key is the path. */
export const defaultGroupKind: Kind<"default-group"> = {
  section: "groups",
  rule: { kind: "default-group", level: 5, shared: true, recorded: true, grants: true },
  parts: ["default-groups"],
  observe: ({ snapshot: { defaultGroups } }) =>
    defaultGroups.map(({ key, id }) => ({ kind: "default-group", key, fields: {}, owned: false, remote: { id } })),
  create: async (at, { key }) => {
    const doing = `make ${formatKey(key)} a default group`;
    const id = await groupIdOf(at, doing, key);
    await at.write(doing, ({ realms }, realm) => realms.addDefaultGroup({ realm, id }));
  },
  update: never("changing a default group"),
  remove: (at, observed) =>
    at.remove(`make ${formatKey(observed.key)} no default group`, ({ realms }, realm) =>
      realms.removeDefaultGroup({ realm, id: idOf(observed) }),
    ),
};
