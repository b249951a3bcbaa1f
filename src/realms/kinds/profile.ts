import type { Plain, PlainMap, Resource } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, type RealmAccess, type Representation, textOf } from "../access.ts";
import { profileOf } from "../lists.ts";
import { inner, isMarked, type Kind, marker, never, type Seen, type Sight, texts, withoutNulls } from "./kind.ts";

const document = "user profile";
const permissionSets = { "permissions.view": "set", "permissions.edit": "set" } as const;

const attributesIn = ({ snapshot }: Sight): readonly Representation[] => listOf(snapshot.profile.attributes);

const whole = (kind: string, attribute: Representation): Seen<"profile-attribute" | "profile-builtin"> => ({
  kind,
  key: textOf(attribute["name"]),
  fields: asFields(attribute),
  owned: false,
});

/** Attributes of the user profile. The profile is one document: it is read, changed and written around each step. */
export const profileAttributeKind: Kind<"profile-attribute"> = {
  section: "profile",
  rule: { kind: "profile-attribute", level: 1, document, lists: permissionSets },
  parts: ["profile"],
  observe: (sight) =>
    attributesIn(sight).map((a) => ({ ...whole("profile-attribute", a), owned: isMarked(a["annotations"]) })),
  create: (at, { key, fields }) =>
    rewrite(at, `declare attribute ${key}`, (all) => [
      ...all.filter((a) => a["name"] !== key),
      { ...withoutNulls(fields), name: key, annotations: { ...inner(fields, "annotations"), ...marker } },
    ]),
  update: (at, resource) => changeAttribute(at, resource),
  remove: (at, { key }) => rewrite(at, `remove attribute ${key}`, (all) => all.filter((a) => a["name"] !== key)),
};

/** Attributes that Keycloak declares itself: username, email and the names. */
export const profileBuiltinKind: Kind<"profile-builtin"> = {
  section: "profile",
  rule: { kind: "profile-builtin", level: 1, document, lists: permissionSets, shared: true, neverDelete: true },
  parts: ["profile"],
  observe: (sight) => attributesIn(sight).map((a) => whole("profile-builtin", a)),
  // Planned before the realm was there, which came with it.
  create: (at, resource) => changeAttribute(at, resource),
  update: (at, resource) => changeAttribute(at, resource),
  // Only where the file says that it must not be there.
  remove: (at, { key }) => rewrite(at, `remove attribute ${key}`, (all) => all.filter((a) => a["name"] !== key)),
};

/** Who may write an attribute that Keycloak declares itself, such as `email`. */
export const profilePermissionKind: Kind<"profile-permission"> = {
  section: "profile",
  rule: {
    ...{ kind: "profile-permission", level: 1, lists: { edit: "set" }, document },
    ...{ shared: true, neverDelete: true, grants: true },
  },
  parts: ["profile"],
  observe: (sight) =>
    attributesIn(sight).map((a) => ({
      kind: "profile-permission",
      key: textOf(a["name"]),
      fields: { edit: (mapOf(a["permissions"])?.["edit"] ?? []) as Plain },
      owned: false,
    })),
  create: (at, { key, fields }) => permit(at, key, fields),
  update: (at, { key, fields }) => permit(at, key, fields),
  remove: never("deleting a permission"),
};

/** What holds for the profile as a whole. The key is `profile`. */
export const profileSettingsKind: Kind<"profile-settings"> = {
  section: "profile",
  rule: {
    ...{ kind: "profile-settings", level: 1, document, lists: { groups: { by: "name" } } },
    ...{ shared: true, neverDelete: true },
  },
  parts: ["profile"],
  observe: ({ snapshot: { profile } }) => {
    const { attributes: _attributes, ...rest } = asFields(profile);
    return [{ kind: "profile-settings", key: "profile", fields: rest, owned: false }];
  },
  create: (at, { fields }) => rewriteProfile(at, "change the user profile", (p) => withoutNulls({ ...p, ...fields })),
  update: (at, { fields }) => rewriteProfile(at, "change the user profile", (p) => withoutNulls({ ...p, ...fields })),
  remove: never("deleting the user profile"),
};

/** In which order pages show the attributes. The key is `profile`; what the file does not name follows behind. */
export const profileOrderKind: Kind<"profile-order"> = {
  section: "profile",
  // When all of them are declared.
  rule: { kind: "profile-order", level: 2, document, shared: true, neverDelete: true },
  parts: ["profile"],
  observe: (sight) => {
    const order = attributesIn(sight).map((a) => textOf(a["name"]));
    const wanted = sight.wanted.get("profile")?.fields["order"];
    const named = wanted === undefined ? order : order.filter((name) => texts(wanted).includes(name));
    return [{ kind: "profile-order", key: "profile", fields: { order: named }, owned: false }];
  },
  create: (at, { fields }) => reorder(at, texts(fields["order"])),
  update: (at, { fields }) => reorder(at, texts(fields["order"])),
  remove: never("deleting the order of the user profile"),
};

const reorder = (at: RealmAccess, order: readonly string[]): Promise<void> =>
  rewrite(at, "order the attributes of the user profile", (all) => {
    const place = (a: Representation) => {
      const found = order.indexOf(textOf(a["name"]));
      return found < 0 ? order.length : found;
    };
    return [...all].sort((a, b) => place(a) - place(b));
  });

const permit = (at: RealmAccess, key: string, permission: PlainMap): Promise<void> =>
  rewrite(at, `change who may write ${key}`, (all) =>
    all.map((a) => (a["name"] === key ? { ...a, permissions: { ...mapOf(a["permissions"]), ...permission } } : a)),
  );

const changeAttribute = (at: RealmAccess, { key, fields }: Resource<string>): Promise<void> =>
  rewrite(at, `change attribute ${key}`, (all) =>
    all.map((a) => {
      if (a["name"] !== key) return a;
      const annotations = withoutNulls({ ...inner(asFields(a), "annotations"), ...inner(fields, "annotations") });
      const permissions = { ...inner(asFields(a), "permissions"), ...inner(fields, "permissions") };
      return withoutNulls({ ...asFields(a), ...fields, annotations, permissions });
    }),
  );

const rewrite = (
  at: RealmAccess,
  doing: string,
  change: (attributes: readonly Representation[]) => readonly Representation[],
): Promise<void> =>
  rewriteProfile(at, doing, (profile) => ({
    ...profile,
    attributes: change(listOf(profile["attributes"])) as unknown as Plain,
  }));

async function rewriteProfile(at: RealmAccess, doing: string, change: (profile: PlainMap) => PlainMap): Promise<void> {
  const profile = change(asFields(await profileOf(at)));
  await at.write(doing, ({ users }, realm) => users.updateProfile({ realm, ...asSent(profile) }));
}
