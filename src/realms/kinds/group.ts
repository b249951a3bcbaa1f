import { Fault } from "../../core/index.ts";
import type { Observed, Plain, PlainMap, Resource } from "../../reconcile/index.ts";
import { asFields, missing, type RealmAccess, textOf } from "../access.ts";
import { idOf, inner, isMarked, type Kind, listMarker, never, type Remote, texts, withoutNulls } from "./kind.ts";
import { mapRole } from "./role.ts";

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf("/"));
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const above = (path: string) => (parentOf(path) === "" ? [] : [{ kind: "group", key: parentOf(path) }]);

/** Groups. The key is the path. What its members are is nobody's business here. */
export const groupKind: Kind = {
  rule: { kind: "group", level: 4, lists: { realmRoles: "set", clientRoles: "set" }, grants: true },
  parts: ["groups"],
  place: ({ key }) => parentOf(key),
  observe: ({ snapshot }) =>
    snapshot.groups.map((group) => {
      const key = textOf(group.path);
      return {
        kind: "group",
        key,
        id: textOf(group.id),
        fields: { ...asFields(group), clientRoles: clientRolesOf(asFields(group)) },
        dependsOn: above(key),
        owned: isMarked(group.attributes),
        remote: { id: textOf(group.id), raw: asFields(group) },
      };
    }),
  create: async (at, resource) => {
    const doing = `create group ${resource.key}`;
    const parent = parentOf(resource.key);
    const id = parent === "" ? undefined : await groupIdOf(at, doing, parent);
    const attributes = { ...withoutNulls(inner(resource.fields, "attributes")), ...listMarker };
    const group = { name: nameOf(resource.key), attributes };
    const made = await at.create(doing, ({ groups }, realm) =>
      id === undefined ? groups.create({ realm, ...group }) : groups.createChildGroup({ realm, id }, group),
    );
    await mapRoles(at, doing, textOf(made?.id), resource.fields, {});
  },
  update,
  remove: async (at, observed) => {
    const id = idOf(observed);
    const doing = `delete group ${observed.key}`;
    const children = await at.pages("groups", ({ groups }, page) => groups.listSubGroups({ ...page, parentId: id }));
    if (children.length > 0) {
      // They would go with it, and whoever made them made them for people who are in them.
      const says = `it holds groups that were not made by us, such as "${textOf(children[0]?.path)}"`;
      throw new Fault("keycloak", doing, { says, retryable: false, refused: true });
    }
    await at.remove(doing, ({ groups }, realm) => groups.del({ realm, id }));
  },
};

async function update(at: RealmAccess, { key, fields }: Resource, observed: Observed<Remote>): Promise<void> {
  const doing = `update group ${key}`;
  const id = idOf(observed);
  if (fields["attributes"] !== undefined) {
    const before = inner(observed.remote?.raw, "attributes");
    const attributes = withoutNulls({ ...before, ...inner(fields, "attributes") });
    const group = { name: nameOf(key), attributes };
    await at.write(doing, ({ groups }, realm) => groups.update({ realm, id }, group));
  }
  await mapRoles(at, doing, id, fields, observed.fields);
}

/** Keycloak's map of lists, as the names that files use. */
const clientRolesOf = (group: PlainMap): Plain =>
  Object.entries(inner(group, "clientRoles")).flatMap(([client, roles]) => texts(roles).map((r) => `${client} ${r}`));

/** Gives and takes the roles that `fields` declares; what it does not declare stays. */
async function mapRoles(at: RealmAccess, doing: string, id: string, fields: PlainMap, before: PlainMap): Promise<void> {
  const names = (from: PlainMap) => [
    ...texts(from["realmRoles"]).map((role) => `realm ${role}`),
    ...texts(from["clientRoles"]),
  ];
  const declared = (name: string) => fields[name.startsWith("realm ") ? "realmRoles" : "clientRoles"] !== undefined;
  const [was, will] = [names(before).filter(declared), names(fields)];
  for (const name of was.filter((one) => !will.includes(one))) {
    await mapRole(at, doing, "take", { all: "groups", id }, name);
  }
  for (const name of will.filter((one) => !was.includes(one))) {
    await mapRole(at, doing, "give", { all: "groups", id }, name);
  }
}

/** Keycloak's id of the group at a path. */
async function groupIdOf(at: RealmAccess, doing: string, path: string): Promise<string> {
  const found = await at.one(`group ${path}`, ({ realms }, realm) => realms.getGroupByPath({ realm, path }));
  if (found === undefined) throw missing(doing, `group "${path}"`);
  return textOf(found.id);
}

/** Groups that every new person of the realm is put into. The key is the path. */
export const defaultGroupKind: Kind = {
  rule: { kind: "default-group", level: 5, shared: true, recorded: true, grants: true },
  parts: [],
  observe: ({ snapshot: { realm } }) =>
    texts(realm["defaultGroups"]).map((key) => ({ kind: "default-group", key, fields: {}, owned: false })),
  create: async (at, { key }) => {
    const doing = `make ${key} a default group`;
    const id = await groupIdOf(at, doing, key);
    await at.write(doing, ({ realms }, realm) => realms.addDefaultGroup({ realm, id }));
  },
  update: never("changing a default group"),
  remove: async (at, { key }) => {
    const all = await at.list("default groups", ({ realms }, realm) => realms.getDefaultGroups({ realm }));
    const id = all.find((group) => group.path === key)?.id;
    if (id === undefined) return;
    await at.remove(`make ${key} no default group`, ({ realms }, realm) => realms.removeDefaultGroup({ realm, id }));
  },
};
