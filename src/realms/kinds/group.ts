import type { KeycloakAdminClient } from "@keycloak/keycloak-admin-client/lib/client.js";
import type GroupRepresentation from "@keycloak/keycloak-admin-client/lib/defs/groupRepresentation.js";
import type { Groups } from "@keycloak/keycloak-admin-client/lib/resources/groups.js";
import { Fault } from "../../core/index.ts";
import { formatKey, type Plain, type PlainMap } from "../../reconcile/index.ts";
import { asFields, type RealmAccess, textOf } from "../access.ts";
import { type GroupPath, groupPath } from "../group-path.ts";
import { groupIdOf, organizationGroupIdOf } from "../groups.ts";
import { formatRole, type RoleName, rolesIn } from "../role-name.ts";
import { idOf, inner, isMarked, type Kind, listMarker, never, type Seen, texts, withoutNulls } from "./kind.ts";
import { organizationId } from "./organization.ts";
import { mapRole, type RoleHolder, readRoleName } from "./role.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

const nameOf = ({ path }: GroupPath): string => path.at(-1) ?? "";
const parentOf = ({ path }: GroupPath): GroupPath | undefined =>
  path.length > 1 ? groupPath(...path.slice(0, -1)) : undefined;

/** What a new group has, wherever it is. */
const groupRule = {
  // Who is in what others made below it was put there by them.
  ...{ level: 4, grants: true, keepsOthers: true },
  lists: { realmRoles: "set", clientRoles: "set", "attributes.*": "unordered" },
  unsaid: unsaidOf({
    fields: { description: null, realmRoles: [], clientRoles: [] },
    open: { attributes: nobodys },
  }),
} as const;

/** Where groups are. */
type Among = (client: KeycloakAdminClient) => Groups;
const ofRealm: Among = ({ groups }) => groups;
const ofOrganization =
  (orgId: string): Among =>
  ({ organizations }) =>
    organizations.groups(orgId);

/** Groups. The key is the path. What its members are is nobody's business here. */
export const groupKind: Kind<"group"> = {
  section: "groups",
  rule: { kind: "group", ...groupRule },
  parts: ["groups"],
  place: ({ key }) => parentOf(key),
  observe: ({ snapshot }) =>
    snapshot.groups.map(({ key, group }) => {
      const parent = parentOf(key);
      return {
        kind: "group",
        key,
        id: textOf(group.id),
        fields: fieldsOf(group),
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
    await mapRoles(at, doing, { among: ofRealm, id: textOf(made?.id) }, resource.fields, {});
  },
  update: (at, { key, fields }, observed) =>
    update(at, `update group ${formatKey(key)}`, ofRealm, nameOf(key), fields, observed),
  remove: (at, observed) => remove(at, `delete group ${formatKey(observed.key)}`, ofRealm, idOf(observed)),
};

/**
 * Groups of an organization, since Keycloak 26.7. The key is the organization and the path within it. One that is made below
 * another takes no attributes before it is there: hence no marker.
 */
export const organizationGroupKind: Kind<"organization-group"> = {
  section: "organizations",
  rule: { kind: "organization-group", recorded: true, ...groupRule },
  parts: ["organizations", "organization-groups"],
  observe: ({ snapshot }) =>
    snapshot.organizationGroups.map(({ organization, orgId, key, group }) => {
      const parent = parentOf(key);
      return {
        kind: "organization-group",
        key: [organization, key] as const,
        id: textOf(group.id),
        fields: fieldsOf(group),
        dependsOn: [
          parent === undefined
            ? { kind: "organization", key: organization }
            : { kind: "organization-group", key: [organization, parent] },
        ],
        owned: false,
        remote: { id: textOf(group.id), raw: { ...asFields(group), orgId } },
      };
    }),
  create: async (at, { key, fields }) => {
    const doing = `create group ${formatKey(key)}`;
    const [organization, path] = key;
    const orgId = await organizationId(at, organization);
    const parent = parentOf(path);
    const above = parent === undefined ? undefined : await organizationGroupIdOf(at, doing, orgId, parent);
    const name = nameOf(path);
    const made = await at.create(doing, ({ organizations }, realm) =>
      above === undefined
        ? organizations.groups(orgId).create({ realm, name })
        : organizations.groups(orgId).createChildGroup({ realm, id: above }, { name }),
    );
    const fresh = { key, fields: {}, remote: { id: textOf(made?.id) } };
    await update(at, doing, ofOrganization(orgId), name, fields, fresh);
  },
  update: (at, { key, fields }, observed) =>
    update(at, `update group ${formatKey(key)}`, ofOrganization(orgIdOf(observed)), nameOf(key[1]), fields, observed),
  remove: (at, observed) =>
    remove(at, `delete group ${formatKey(observed.key)}`, ofOrganization(orgIdOf(observed)), idOf(observed)),
};

const orgIdOf = ({ remote }: Seen): string => textOf(remote?.raw?.["orgId"]);

const fieldsOf = (group: GroupRepresentation): PlainMap => ({
  ...asFields(group),
  clientRoles: clientRolesOf(asFields(group)),
});

async function update(
  at: RealmAccess,
  doing: string,
  among: Among,
  name: string,
  fields: PlainMap,
  observed: Pick<Seen, "fields" | "remote">,
): Promise<void> {
  const id = observed.remote?.id ?? "";
  const own = ownFields(fields);
  if (Object.keys(own).length > 0) {
    const raw = observed.remote?.raw ?? {};
    const attributes = withoutNulls({ ...inner(raw, "attributes"), ...inner(fields, "attributes") });
    // A PUT clears the description that it does not name.
    const group = { ...withoutNulls({ description: raw["description"] ?? null, ...own }), name, attributes };
    await at.write(doing, (client, realm) => among(client).update({ realm, id }, group));
  }
  await mapRoles(at, doing, { among, id }, fields, observed.fields);
}

async function remove(at: RealmAccess, doing: string, among: Among, id: string): Promise<void> {
  const children = await at.pages("groups", (client, page) => among(client).listSubGroups({ ...page, parentId: id }));
  if (children.length > 0) {
    // They would go with it, and whoever made them made them for people who are in them.
    const message = `it holds groups that were not made by us, such as "${textOf(children[0]?.path)}". Make a new plan: it stays as long as they do`;
    throw new Fault("keycloak", doing, { message, retryable: false, refused: true });
  }
  await at.remove(doing, (client, realm) => among(client).del({ realm, id }));
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
async function mapRoles(
  at: RealmAccess,
  doing: string,
  holder: RoleHolder,
  fields: PlainMap,
  before: PlainMap,
): Promise<void> {
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
    if (declared(role) && !will.has(name)) await mapRole(at, doing, "take", holder, role);
  }
  for (const [name, role] of will) {
    if (!was.has(name)) await mapRole(at, doing, "give", holder, role);
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
