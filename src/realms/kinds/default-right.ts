import { formatKey } from "../../reconcile/index.ts";
import { missing, type RealmAccess, textOf } from "../access.ts";
import { parseRole, type RoleKey, roleKey, roleOf } from "../role-name.ts";
import { type Kind, never } from "./kind.ts";
import { newRights } from "./new-realm.ts";
import { rolesOf, rolesThere } from "./role.ts";
import { isOurRealm, unsaidOf } from "./unsaid.ts";

/** A role that everybody in the realm holds, or does not. The key is client (or realm) and role. */
export const defaultRightKind: Kind<"default-right"> = {
  section: "roles",
  rule: {
    kind: "default-right",
    level: 1,
    shared: true,
    neverDelete: true,
    grants: true,
    takesAway: (c) => c.to === false,
    // All of them are one role's: two writers at once would each leave out the other's.
    document: "default role",
    unsaid: unsaidOf(({ key }) => ({ fields: { granted: newRights.has(formatKey(key)) } })),
  },
  parts: ["clients", "default-rights"],
  observe: (sight) => {
    const { defaultRights, withheldRights } = sight.snapshot;
    const held = [...defaultRights, ...withheldRights].flatMap((text) => parseRole(text) ?? []).map(roleKey);
    const keys = new Map([...held, ...[...sight.wanted.values()].map(({ key }) => key)].map((k) => [formatKey(k), k]));
    return [...keys].map(([text, key]) => ({
      ...{ kind: "default-right", key, fields: { granted: defaultRights.has(text) } },
      ...{ owned: false, whole: isOurRealm(sight) },
    }));
  },
  // Observed as soon as the realm is there; before that the realm's own defaults hold them.
  create: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  update: (at, { key, fields }) => change(at, key, fields["granted"] === true),
  remove: never("deleting a default right"),
};

async function change(at: RealmAccess, key: RoleKey, granted: boolean): Promise<void> {
  const doing = `${granted ? "give" : "withhold"} the default right ${formatKey(key)} in realm ${at.realm}`;
  const byDefault = (await at.settings())?.defaultRole;
  if (byDefault === undefined) throw missing(doing, "default role");
  const id = textOf(byDefault.id);
  const held = granted ? await rolesOf(at, doing, [roleOf(key)]) : await rolesThere(at, [roleOf(key)]);
  if (held.length === 0) return;
  if (granted) await at.write(doing, ({ roles }, realm) => roles.createComposite({ realm, roleId: id }, held));
  else await at.remove(doing, ({ roles }, realm) => roles.delCompositeRoles({ realm, id }, held));
}
