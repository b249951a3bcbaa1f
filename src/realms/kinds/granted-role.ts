import { missing, type RealmAccess, textOf } from "../access.ts";
import { clientIdOf } from "./client.ts";
import { type Kind, never, splitKey } from "./kind.ts";
import { mapRole, type RoleHolder, rolesOf } from "./role.ts";

/** A role that everybody in the realm holds, or does not. The key is `<client or realm> <role>`. */
export const defaultRightKind: Kind = {
  rule: {
    kind: "default-right",
    level: 1,
    shared: true,
    neverDelete: true,
    grants: true,
    takesAway: (c) => c.to === false,
    // All of them are one role's: two writers at once would each leave out the other's.
    document: "default role",
  },
  parts: ["clients", "default-rights"],
  observe: ({ snapshot: { defaultRights }, wanted }) =>
    [...wanted.keys()].map((key) => ({
      kind: "default-right",
      key,
      fields: { granted: defaultRights.has(key) },
      owned: false,
    })),
  // Observed as soon as the realm is there; before that the realm's own defaults hold them.
  create: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  update: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  remove: never("deleting a default right"),
};

async function change(at: RealmAccess, key: string, granted: boolean): Promise<void> {
  const doing = `${granted ? "give" : "withhold"} the default right ${key} in realm ${at.realm}`;
  const byDefault = (await at.settings())?.defaultRole;
  if (byDefault === undefined) throw missing(doing, "default role");
  const id = textOf(byDefault.id);
  const held = await rolesOf(at, doing, [key]);
  if (granted) await at.write(doing, ({ roles }, realm) => roles.createComposite({ realm, roleId: id }, held));
  else await at.remove(doing, ({ roles }, realm) => roles.delCompositeRoles({ realm, id }, held));
}

/** A role that a client's service account holds. The key is `<client> <client or realm> <role>`. */
export const serviceAccountRoleKind: Kind = {
  rule: { kind: "service-account-role", level: 5, shared: true, recorded: true, grants: true },
  parts: ["clients", "service-accounts"],
  observe: ({ snapshot }) =>
    snapshot.serviceAccountRoles.map((key) => ({ kind: "service-account-role", key, fields: {}, owned: false })),
  create: async (at, { key }) => {
    const doing = `give ${key}`;
    await mapRole(at, doing, "give", await accountOf(at, doing, key), splitKey(key)[1]);
  },
  update: never("changing a role that is held"),
  remove: async (at, { key }) => {
    const doing = `take ${key}`;
    await mapRole(at, doing, "take", await accountOf(at, doing, key), splitKey(key)[1]);
  },
};

/** Whose roles they are. */
async function accountOf(at: RealmAccess, doing: string, key: string): Promise<RoleHolder> {
  const id = await clientIdOf(at, splitKey(key)[0]);
  const user = await at.one("service account", ({ clients }, realm) => clients.getServiceAccountUser({ realm, id }));
  if (user === undefined) throw missing(doing, "service account");
  return { all: "users", id: textOf(user.id) };
}
