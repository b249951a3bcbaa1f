import { isMap, type KindRule, type Plain, type PlainMap, type Resource } from "../../reconcile/index.ts";
import { asFields, asSent, listOf, mapOf, type RealmAccess, type Representation, textOf } from "../access.ts";
import { profileOf } from "../lists.ts";
import { inner, isMarked, type Kind, marker, never, type Seen, type Sight, texts, withoutNulls } from "./kind.ts";
import { newProfile, newProfileGroups } from "./new-realm.ts";
import { isKnownWhole, nothingOf, unsaidOf } from "./unsaid.ts";

const document = "user profile";
const lists = {
  "permissions.view": "set",
  "permissions.edit": "set",
  "required.roles": "set",
  "required.scopes": "set",
  "selector.scopes": "set",
} as const;
/** `required` and a validator say something without any detail. */
const present = (path: readonly string[]): boolean =>
  path[0] === "required" || (path[0] === "validations" && path.length === 2);

/** What an attribute is where nobody says anything. Validators that are said are all there are. */
const unsaidAttribute =
  (declared: (name: string) => PlainMap): NonNullable<KindRule["unsaid"]> =>
  ({ key, fields }, wanted) => {
    const fresh = declared(textOf(key));
    const said = mapOf(wanted["validations"]) && inner(wanted, "validations");
    const base = said === undefined ? inner(fresh, "validations") : said;
    const there = inner(fields, "validations");
    const validations = Object.keys(there).map((name): [string, Plain] => [
      name,
      Object.hasOwn(base, name) ? { ...nothingOf(inner(there, name)), ...inner(base, name) } : null,
    ]);
    const required =
      wanted["required"] === undefined ? (fresh["required"] ?? null) : nothingOf(inner(fields, "required"));
    return {
      ...{ displayName: null, multivalued: false, group: null, selector: null, ...fresh, required },
      validations: { ...(said === undefined ? base : {}), ...Object.fromEntries(validations) },
      annotations: nothingOf(inner(fields, "annotations")),
    };
  };

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
  rule: {
    ...{ kind: "profile-attribute", level: 1, document, lists, present },
    unsaid: unsaidAttribute(() => ({ permissions: { view: [], edit: [] } })),
  },
  parts: ["profile"],
  observe: (sight) =>
    attributesIn(sight).map((a) => ({ ...whole("profile-attribute", a), owned: isMarked(a["annotations"]) })),
  create: (at, { key, fields }) =>
    rewrite(at, `declare attribute ${key}`, (all) => [
      ...all.filter((a) => a["name"] !== key),
      { ...changed({}, fields), name: key, annotations: { ...inner(fields, "annotations"), ...marker } },
    ]),
  update: (at, resource) => changeAttribute(at, resource),
  remove: (at, { key }) => rewrite(at, `remove attribute ${key}`, (all) => all.filter((a) => a["name"] !== key)),
};

/** Attributes that Keycloak declares itself: username, email and the names. */
export const profileBuiltinKind: Kind<"profile-builtin"> = {
  section: "profile",
  rule: {
    ...{ kind: "profile-builtin", level: 1, document, lists, present, shared: true, neverDelete: true },
    unsaid: unsaidAttribute((name) => newProfile[name] ?? {}),
  },
  parts: ["profile"],
  observe: (sight) =>
    attributesIn(sight)
      .filter((a) => Object.hasOwn(newProfile, textOf(a["name"])))
      .map((a) => ({ ...whole("profile-builtin", withoutPermitted(sight, a)), whole: isKnownWhole(sight) })),
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
    unsaid: unsaidOf({ fields: { edit: ["admin", "user"] } }),
  },
  parts: ["profile"],
  observe: (sight) =>
    attributesIn(sight)
      // Where a file says who may write it, the attribute itself holds that.
      .filter(
        (a) => sight.wants({ kind: "profile-builtin", key: textOf(a["name"]) })?.fields["permissions"] === undefined,
      )
      .map((a) => ({
        kind: "profile-permission",
        key: textOf(a["name"]),
        fields: { edit: (mapOf(a["permissions"])?.["edit"] ?? []) as Plain },
        ...{ owned: false, whole: false },
      })),
  create: (at, { key, fields }) => permit(at, key, fields),
  update: (at, { key, fields }) => permit(at, key, fields),
  remove: never("deleting a permission"),
};

/** What holds for the profile as a whole. The key is `profile`. */
export const profileSettingsKind: Kind<"profile-settings"> = {
  section: "profile",
  rule: {
    // After the attributes, which may still stand under a heading that goes.
    ...{ kind: "profile-settings", level: 2, document, lists: { groups: { by: "name" } } },
    ...{ shared: true, neverDelete: true },
    unsaid: unsaidOf({ fields: { unmanagedAttributePolicy: null, groups: newProfileGroups } }),
  },
  parts: ["profile"],
  observe: (sight) => {
    const { attributes: _attributes, ...rest } = asFields(sight.snapshot.profile);
    return [{ kind: "profile-settings", key: "profile", fields: rest, owned: false, whole: isKnownWhole(sight) }];
  },
  create: (at, { fields }) => changeSettings(at, fields),
  update: (at, { fields }) => changeSettings(at, fields),
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

const changeSettings = (at: RealmAccess, fields: PlainMap): Promise<void> =>
  rewriteProfile(at, "change the user profile", (p) => withoutLostHeadings(withoutNulls({ ...p, ...fields })));

const reorder = (at: RealmAccess, order: readonly string[]): Promise<void> =>
  rewrite(at, "order the attributes of the user profile", (all) => {
    const place = (a: Representation) => {
      const found = order.indexOf(textOf(a["name"]));
      return found < 0 ? order.length : found;
    };
    return [...all].sort((a, b) => place(a) - place(b));
  });
/** Who may write an attribute of Keycloak's own is left to that kind, where it is wanted. */
function withoutPermitted(sight: Sight, attribute: Representation): Representation {
  if (sight.wants({ kind: "profile-permission", key: textOf(attribute["name"]) }) === undefined) return attribute;
  const { edit: _edit, ...permissions } = mapOf(attribute["permissions"]) ?? {};
  return { ...attribute, permissions };
}

const permit = (at: RealmAccess, key: string, permission: PlainMap): Promise<void> =>
  rewrite(at, `change who may write ${key}`, (all) =>
    all.map((a) => (a["name"] === key ? { ...a, permissions: { ...mapOf(a["permissions"]), ...permission } } : a)),
  );

const changeAttribute = (at: RealmAccess, { key, fields }: Resource<string>): Promise<void> =>
  rewrite(at, `change attribute ${key}`, (all) =>
    all.map((a) => {
      if (a["name"] !== key) return a;
      const { annotations = {}, ...rest } = changed(asFields(a), fields);
      return Object.keys(mapOf(annotations) ?? {}).length === 0 ? rest : { ...rest, annotations };
    }),
  );

/** `fields` over what is there; `null` takes away, however deep. */
function changed(there: PlainMap, fields: PlainMap): PlainMap {
  const over = Object.entries(fields).map(([name, value]): [string, Plain] => [
    name,
    isMap(value) ? changed(inner(there, name), value) : value,
  ]);
  return withoutNulls({ ...there, ...Object.fromEntries(over) });
}

const rewrite = (
  at: RealmAccess,
  doing: string,
  change: (attributes: readonly Representation[]) => readonly Representation[],
): Promise<void> =>
  rewriteProfile(at, doing, (profile) =>
    withHeadings({ ...profile, attributes: change(listOf(profile["attributes"])) as unknown as Plain }),
  );

const headingsOf = (profile: PlainMap): Set<string> =>
  new Set(listOf(profile["groups"]).map(({ name }) => textOf(name)));

/**
 * Keycloak takes no attribute under a heading that is not there. The step that writes all headings comes after the
 * attributes, since those must have left a heading that goes: until then a new one is there by its name.
 */
export function withHeadings(profile: PlainMap): PlainMap {
  const there = headingsOf(profile);
  const used = listOf(profile["attributes"]).flatMap(({ group }) => (typeof group === "string" ? [group] : []));
  const missing = [...new Set(used)].filter((name) => !there.has(name));
  if (missing.length === 0) return profile;
  return { ...profile, groups: [...listOf(profile["groups"]), ...missing.map((name) => ({ name }))] as Plain };
}

/** Under a heading that has gone stands nothing, not even what is still to be removed. */
export function withoutLostHeadings(profile: PlainMap): PlainMap {
  const there = headingsOf(profile);
  const attributes = listOf(profile["attributes"]).map(({ group, ...rest }) =>
    typeof group !== "string" || there.has(group) ? { ...rest, ...(group !== undefined && { group }) } : rest,
  );
  return { ...profile, attributes: attributes as unknown as Plain };
}

async function rewriteProfile(at: RealmAccess, doing: string, change: (profile: PlainMap) => PlainMap): Promise<void> {
  const profile = change(asFields(await profileOf(at)));
  await at.write(doing, ({ users }, realm) => users.updateProfile({ realm, ...asSent(profile) }));
}
