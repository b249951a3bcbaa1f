import { formatKey, type PlainMap } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, missing, type RealmAccess, textOf } from "../access.ts";
import type { GroupPath } from "../group-path.ts";
import { groupIdOf } from "../groups.ts";
import { formatRole, type RoleName, roleKey, roleOf } from "../role-name.ts";
import type { Snapshot } from "../snapshot.ts";
import { clientIdOf, protectionRole } from "./client.ts";
import { inner, isMarked, type Kind, never, withoutEmpty, withoutNulls } from "./kind.ts";
import { mapRole } from "./role.ts";
import { nobodys, unsaidOf } from "./unsaid.ts";

/** Clients of ours: of their accounts the file says all. */
const oursIn = ({ clients }: Snapshot): ReadonlySet<string> =>
  new Set(clients.flatMap((c) => (isMarked(c.attributes) ? [textOf(c.clientId)] : [])));

/** What an account is described by. Whether it is enabled is not among it: whoever shut one out by hand had a reason. */
const described = ["email", "emailVerified", "firstName", "lastName", "attributes"];

/** The account of a client itself. The key is the client; it comes and goes with the client's `serviceAccountsEnabled`. */
export const serviceAccountKind: Kind<"service-account"> = {
  section: "clients",
  rule: {
    ...{ kind: "service-account", level: 5, shared: true, neverDelete: true },
    lists: { "attributes.*": "unordered" },
    unsaid: unsaidOf({
      fields: { email: null, emailVerified: false, firstName: null, lastName: null },
      open: { attributes: nobodys },
    }),
  },
  parts: ["clients", "client-export"],
  beside: "client",
  observe: ({ snapshot }) => {
    const ours = oursIn(snapshot);
    return listOf(snapshot.clientExport["users"]).flatMap((user) => {
      const key = textOf(user["serviceAccountClientId"]);
      if (key === "") return [];
      const told = Object.entries(asFields(user)).filter(([name]) => described.includes(name));
      const fields = withoutEmpty(Object.fromEntries(told));
      return [{ kind: "service-account", key, fields, owned: false, whole: ours.has(key) }];
    });
  },
  create: (at, { key, fields }) => write(at, key, fields),
  update: (at, { key, fields }) => write(at, key, fields),
  remove: never("deleting the account of a client"),
};

/** A PUT takes away what it does not name: all that was read goes along. */
async function write(at: RealmAccess, client: string, fields: PlainMap): Promise<void> {
  const doing = `describe the account of client ${client}`;
  const before = asFields(await accountOf(at, doing, client));
  const attributes = withoutNulls({ ...inner(before, "attributes"), ...inner(fields, "attributes") });
  const user = { ...withoutNulls({ ...before, ...fields }), attributes };
  await at.write(doing, ({ users }, realm) => users.update({ realm, id: textOf(before["id"]) }, asSent(user)));
}

/** A role that a client's account holds. The key is that client, and client (or realm) and name of the role. */
export const serviceAccountRoleKind: Kind<"service-account-role"> = {
  section: "clients",
  rule: { kind: "service-account-role", level: 5, shared: true, recorded: true, grants: true },
  parts: ["clients", "service-accounts"],
  beside: "client",
  observe: ({ snapshot }) => {
    const ours = oursIn(snapshot);
    const everybody = snapshot.realm["defaultRole"] as { readonly name?: string } | undefined;
    return snapshot.serviceAccounts.flatMap(({ client, roles }) =>
      roles.map((role) => ({
        kind: "service-account-role",
        key: [client, ...roleKey(role)] as const,
        fields: {},
        owned: ours.has(client) && !isGivenByKeycloak(role, client, everybody?.name),
      })),
    );
  },
  create: (at, { key: [client, ...role] }) => holdRole(at, "give", client, roleOf(role)),
  update: never("changing a role that is held"),
  remove: (at, { key: [client, ...role] }) => holdRole(at, "take", client, roleOf(role)),
};

/** What Keycloak gives to every account, and to that of a client that guards resources. */
const isGivenByKeycloak = ({ client, role }: RoleName, owner: string, everybody: string | undefined): boolean =>
  client === undefined ? role === everybody : client === owner && role === protectionRole;

async function holdRole(at: RealmAccess, what: "give" | "take", client: string, role: RoleName): Promise<void> {
  const doing = `${what} the account of client ${client} the role ${formatRole(role)}`;
  const { id } = await accountOf(at, doing, client);
  await mapRole(at, doing, what, { among: ({ users }) => users, id: textOf(id) }, role);
}

/** A group that a client's account is a member of. The key is the client and the path. */
export const serviceAccountGroupKind: Kind<"service-account-group"> = {
  section: "clients",
  rule: { kind: "service-account-group", level: 5, shared: true, recorded: true, grants: true },
  parts: ["clients", "service-accounts"],
  beside: "client",
  observe: ({ snapshot }) => {
    const ours = oursIn(snapshot);
    return snapshot.serviceAccounts.flatMap(({ client, groups }) =>
      groups.map(({ key }) => ({
        kind: "service-account-group",
        key: [client, key] as const,
        fields: {},
        owned: ours.has(client),
      })),
    );
  },
  create: async (at, { key }) => {
    const { doing, ...member } = await membership(at, key);
    await at.write(doing, ({ users }, realm) => users.addToGroup({ realm, ...member }));
  },
  update: never("changing a membership"),
  remove: async (at, { key }) => {
    const { doing, ...member } = await membership(at, key);
    await at.remove(doing, ({ users }, realm) => users.delFromGroup({ realm, ...member }));
  },
};

async function membership(at: RealmAccess, [client, group]: readonly [string, GroupPath]) {
  const doing = `change whether the account of client ${client} is in group ${formatKey(group)}`;
  const { id } = await accountOf(at, doing, client);
  return { doing, id: textOf(id), groupId: await groupIdOf(at, doing, group) };
}

async function accountOf(at: RealmAccess, doing: string, client: string) {
  const id = await clientIdOf(at, client);
  const user = await at.one("service account", ({ clients }, realm) => clients.getServiceAccountUser({ realm, id }));
  if (user === undefined) throw missing(doing, "service account");
  return user;
}
