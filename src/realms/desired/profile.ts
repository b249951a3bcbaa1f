import type { Plain, PlainMap } from "../../reconcile/index.ts";
import { mapOf } from "../access.ts";
import { builtInAttributes } from "../format/known.ts";
import type { RealmSpec } from "../format/model.ts";
import type { ProfileAttributeEntry } from "../format/profile.ts";
import type { RealmResource } from "../identity.ts";
import { newProfile } from "../kinds/new-realm.ts";
import { attributeOf, memberAttribute, memberGroupsAttribute, usernameAttribute } from "../markers.ts";
import { roleKey } from "../role-name.ts";
import { defined, merge } from "./fields.ts";
import { hasMembers } from "./flows.ts";
import { travellingClaims } from "./identity-provider.ts";
import { withheldRoles } from "./withheld.ts";

/** What is known of a person: what the file says, imported claims, and with a broker who may write name and address. */
export function desiredProfile(spec: RealmSpec): RealmResource[] {
  const claims = [...travellingClaims(spec.upstreams)];
  const brokered = spec.broker !== undefined || spec.upstreams.some((u) => u.template !== "custom");
  return [
    ...claims.map(([claim, several]) => imported(attributeOf(claim), several)),
    ...(brokered ? [imported(usernameAttribute, false)] : []),
    ...(hasMembers(spec) ? [imported(memberAttribute, false), imported(memberGroupsAttribute, true)] : []),
    ...(spec.broker === undefined ? [] : writtenByTheIdp(spec)),
    ...(spec.broker === undefined ? [] : withheldRights),
    ...Object.entries(spec.profile?.attributes ?? {}).map(([name, attribute]) => declared(name, attribute)),
    ...settings(spec),
    ...orderOf(spec),
  ];
}

/**
 * An imported claim is a managed attribute that only administrators (and brokering itself) write. Undeclared attributes
 * are dropped silently by default; declaring them with the default permissions, or opening the realm to unmanaged
 * attributes, would let people write their own groups into their account.
 */
const imported = (name: string, multivalued: boolean): RealmResource => ({
  kind: "profile-attribute",
  key: name,
  fields: {
    displayName: name,
    multivalued,
    permissions: { view: ["admin"], edit: ["admin"] },
  },
});

/**
 * Name and address are the IdP's to say. Any login may be sent to the profile page (`kc_action=UPDATE_PROFILE`), where a
 * person would otherwise write another's name and address, to be shown wherever the broker shows who asks.
 */
const writtenByTheIdp = (spec: RealmSpec): readonly RealmResource[] =>
  ["email", "firstName", "lastName"]
    .filter((name) => spec.profile?.attributes[name]?.edit === undefined)
    .map((name) => ({ kind: "profile-permission", key: name, fields: { edit: ["admin"] } }));

const withheldRights: readonly RealmResource[] = withheldRoles.map((role) => ({
  kind: "default-right",
  key: roleKey(role),
  fields: { granted: false },
}));

function declared(name: string, a: ProfileAttributeEntry): RealmResource {
  const builtIn = builtInAttributes.includes(name);
  // An attribute that people write themselves must never decide a right.
  const others = builtIn ? undefined : ["admin"];
  const permissions = defined({ view: a.view ?? others, edit: a.edit ?? others });
  const fields: PlainMap = {
    ...defined({
      displayName: a.displayName,
      multivalued: a.several,
      group: a.group,
      required: requiredOf(a.required),
    }),
    ...(Object.keys(permissions).length > 0 && { permissions }),
    ...(a.validations && { validations: { ...replaced(name), ...(a.validations as PlainMap) } }),
    ...(a.annotations && { annotations: a.annotations as PlainMap }),
  };
  return {
    kind: builtIn ? "profile-builtin" : "profile-attribute",
    key: name,
    fields: merge(fields, a.raw),
  };
}

/** Validators that Keycloak gives to an attribute of its own: those that a file says take their place. */
const replaced = (name: string): PlainMap =>
  Object.fromEntries(Object.keys(mapOf(newProfile[name]?.["validations"]) ?? {}).map((validator) => [validator, null]));

function requiredOf(required: ProfileAttributeEntry["required"]): Plain | undefined {
  if (required === undefined) return undefined;
  if (typeof required === "boolean") return required ? { roles: ["admin", "user"] } : null;
  return defined({ roles: required.roles, scopes: required.scopes });
}

const policies = { refused: null, "admin-view": "ADMIN_VIEW", "admin-edit": "ADMIN_EDIT", allowed: "ENABLED" } as const;

const orderOf = ({ profile }: RealmSpec): RealmResource[] =>
  profile?.order === undefined ? [] : [{ kind: "profile-order", key: "profile", fields: { order: profile.order } }];

function settings({ profile }: RealmSpec): RealmResource[] {
  if (profile?.unmanaged === undefined && profile?.groups === undefined) return [];
  const groups = profile.groups?.map(({ name, header, description, annotations }) =>
    defined({ name, displayHeader: header, displayDescription: description, annotations: annotations as PlainMap }),
  );
  const policy = profile.unmanaged === undefined ? {} : { unmanagedAttributePolicy: policies[profile.unmanaged] };
  return [{ kind: "profile-settings", key: "profile", fields: { ...policy, ...defined({ groups }) } }];
}
