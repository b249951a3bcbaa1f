import type { Plain, PlainMap } from "../reconcile/index.ts";
import { asFields, asSent, mapOf, type RealmAccess, type Representation } from "./access.ts";

/** Settings that any PUT of the realm sets back to Keycloak's default, unless it names them. */
const forgotten = ["oauth2DeviceCodeLifespan", "oauth2DevicePollingInterval"] as const;

/** Keycloak 26.0 keeps headers among the attributes, and loses those that a PUT with attributes does not name. */
export const headersField = "browserSecurityHeaders";

/** Numbers that Keycloak answers as a field and, as text, as an attribute of the same name. */
const numbers: ReadonlySet<string> = new Set([
  ...forgotten,
  ...["clientSessionIdleTimeout", "clientSessionMaxLifespan"],
  ...["clientOfflineSessionIdleTimeout", "clientOfflineSessionMaxLifespan"],
]);

/** Another such pair, under two names. */
const reusable = { field: "otpPolicyCodeReusable", attribute: "realmReusableOtpCode" } as const;

/** The field that an attribute repeats, if it repeats one. */
const fieldOf = (attribute: string): string => (attribute === reusable.attribute ? reusable.field : attribute);

/** True for an attribute that only repeats a field of the realm. */
export const isTwin = (realm: Representation, attribute: string): boolean =>
  Object.hasOwn(realm, attribute) || attribute === reusable.attribute;

/** Wanted settings, each that is said by such an attribute as the field that means the same. */
export function withFieldsForTwins(fields: PlainMap): PlainMap {
  const attributes = mapOf(fields["attributes"]);
  if (attributes === undefined) return fields;
  const moved: Record<string, Plain> = {};
  const left: Record<string, Plain> = {};
  for (const [name, value] of Object.entries(asFields(attributes))) {
    if (numbers.has(name)) moved[name] = value === null ? null : Number(value);
    else if (name === reusable.attribute) moved[reusable.field] = value === null ? null : value === "true";
    else left[name] = value;
  }
  return { ...moved, ...fields, attributes: left };
}

/** Beginnings of settings that Keycloak takes only all together. */
const policies = ["otpPolicy", "webAuthnPolicy"];

/**
 * Settings of a realm that is not there yet: with what it is made, and what it is told when it is there. With it goes only
 * what is said: a release refuses a request with a name that it does not know, and each gives the rest its own defaults.
 * Which settings go together is known when it is there; by the kinds of credentials Keycloak would make other flows.
 */
export function inTwo(settings: PlainMap): { readonly first: PlainMap; readonly after: PlainMap } {
  const waits = (name: string) => name === "requiredCredentials" || policies.some((policy) => name.startsWith(policy));
  const part = (later: boolean) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => waits(name) === later));
  return { first: part(false), after: part(true) };
}

/**
 * Settings as a PUT wants them. It replaces the attributes, and takes CIBA settings that are not among them for unset: all
 * go along, with those of `settings` over them, `null` taking one away; so do security headers. It forgets some fields that
 * it does not name, and takes the settings of one-time passwords, and those of security keys, only all together.
 */
export function realmBody(there: Representation, { attributes: added, ...settings }: Representation): PlainMap {
  const together = policies.filter((policy) => Object.keys(settings).some((name) => name.startsWith(policy)));
  const withThem = Object.keys(there).filter((name) => together.some((policy) => name.startsWith(policy)));
  const kept = [...forgotten, ...withThem].flatMap((name) => (there[name] === undefined ? [] : [[name, there[name]]]));
  const headers = { ...mapOf(there[headersField]), ...mapOf(settings[headersField]) };
  const attributes = Object.entries({ ...mapOf(there["attributes"]), ...mapOf(added) })
    // Beside a field that changes, the old value would stand.
    .filter(([name, value]) => value !== null && !Object.hasOwn(settings, fieldOf(name)));
  return asFields({
    ...{ ...Object.fromEntries(kept), ...settings, attributes: Object.fromEntries(attributes) },
    ...(Object.keys(headers).length > 0 && { [headersField]: headers }),
  });
}

/** Makes settings of the realm true. Only its state store may: of two writers at once, one would lose attributes. */
export const putRealm = (
  at: RealmAccess,
  doing: string,
  there: Representation,
  settings: Representation,
): Promise<void> =>
  at.write(doing, ({ realms }, realm) => realms.update({ realm }, asSent(realmBody(there, settings))));
