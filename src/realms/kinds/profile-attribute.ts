import type {
  UserProfileAttribute,
  UserProfileConfig,
} from "@keycloak/keycloak-admin-client/lib/defs/userProfileMetadata.js";
import { owner, ownerKey } from "../marks.ts";
import { asFields, type Kind, never, type RealmAccess } from "./kind.ts";

/** Attributes of the user profile. The profile is one document: it is read, changed and written around each step. */
export const profileAttributeKind: Kind = {
  rule: {
    kind: "profile-attribute",
    level: 1,
    lists: { "permissions.view": "set", "permissions.edit": "set" },
  },
  observe: ({ profile }) =>
    (profile.attributes ?? []).map((attribute) => ({
      kind: "profile-attribute",
      key: attribute.name ?? "",
      fields: asFields(attribute),
      owned: attribute.annotations?.[ownerKey] === owner,
    })),
  create: (at, { key, fields }) =>
    rewrite(at, `declare attribute ${key}`, (all) => [...all.filter((a) => a.name !== key), { ...fields, name: key }]),
  update: (at, { key, fields }) =>
    rewrite(at, `change attribute ${key}`, (all) => all.map((a) => (a.name === key ? { ...a, ...fields } : a))),
  remove: (at, { key }) => rewrite(at, `remove attribute ${key}`, (all) => all.filter((a) => a.name !== key)),
};

/** Who may write an attribute that Keycloak declares itself, such as `email`. */
export const profilePermissionKind: Kind = {
  rule: { kind: "profile-permission", level: 1, lists: { edit: "set" }, adopt: true, neverDelete: true, grants: true },
  observe: ({ profile }) =>
    (profile.attributes ?? []).map(({ name = "", permissions }) => ({
      kind: "profile-permission",
      key: name,
      fields: { edit: permissions?.edit ?? [] },
      owned: false,
    })),
  create: (at, { key, fields }) => permit(at, key, fields),
  update: (at, { key, fields }) => permit(at, key, fields),
  remove: never("deleting a permission"),
};

const permit = (at: RealmAccess, key: string, permission: object): Promise<void> =>
  rewrite(at, `change who may write ${key}`, (all) =>
    all.map((a) => (a.name === key ? { ...a, permissions: { ...a.permissions, ...permission } } : a)),
  );

async function rewrite(
  { realm, keycloak }: RealmAccess,
  operation: string,
  change: (attributes: UserProfileAttribute[]) => UserProfileAttribute[],
): Promise<void> {
  const profile: UserProfileConfig = await keycloak.call(operation, "read", (kc) => kc.users.getProfile({ realm }));
  const attributes = change(profile.attributes ?? []);
  await keycloak.call(operation, "write", (kc) => kc.users.updateProfile({ realm, ...profile, attributes }));
}
