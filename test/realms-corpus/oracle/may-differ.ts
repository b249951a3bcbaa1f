/** What two realms may differ in and still count as one; where, and why. Everything else is compared as Keycloak tells it. */
export interface MayDiffer {
  readonly what: string;
  readonly because: string;
}

/** Members that are left out wherever they stand. */
export const leftOut: Readonly<Record<string, MayDiffer>> = {
  id: { what: "ids", because: "Keycloak gives each object a new one" },
  _id: { what: "ids", because: "Keycloak gives each object a new one" },
  internalId: { what: "ids", because: "Keycloak gives each object a new one" },
  containerId: { what: "ids", because: "the id of the realm or client in which a role is" },
  parentId: { what: "ids", because: "the id of the group above" },
  userId: { what: "ids", because: "Keycloak gives each object a new one" },
  createdTimestamp: { what: "dates", because: "when a service account was made" },
  keycloakVersion: { what: "the version", because: "a realm may move to another Keycloak" },
};

/** Attributes that are left out, by the beginning of their name. */
export const leftOutAttributes: Readonly<Record<string, MayDiffer>> = {
  "cloudpass.": { what: "marks", because: "cloudpass notes in a realm what is its own" },
  "client.secret.creation.time": { what: "dates", because: "when Keycloak made the secret" },
};

/** Attributes of a realm that are called like one of its members. */
export const mirrors: MayDiffer = { what: "mirrors", because: "Keycloak adds them when somebody writes the realm" };

/** Texts whose beginning is left out, by the member that holds them. */
export const leftOutBeginnings: Readonly<Record<string, MayDiffer & { readonly text: string }>> = {
  description: { what: "marks", because: "a flow has no other place for one", text: "Made by cloudpass." },
};

/** Members of which an unset one and this value are one, by the list they stand in (empty: wherever). */
export const sameAsUnset: Readonly<Record<string, MayDiffer & { readonly value: unknown; readonly in: string }>> = {
  description: { what: "unset", because: "nobody sees a difference", value: "", in: "" },
  webAuthnPolicyPasswordlessPasskeysEnabled: {
    ...{ what: "unset", because: "Keycloak reads it as no, and a new realm does not say it", value: false, in: "" },
  },
  ...Object.fromEntries(
    ["displayName", "displayNameHtml", "loginTheme", "accountTheme", "adminTheme", "emailTheme", "defaultLocale"].map(
      (text) => [
        text,
        {
          what: "unset",
          because: "Keycloak cannot unset it once it was said; an empty one is none",
          value: "",
          in: "",
        },
      ],
    ),
  ),
  ...Object.fromEntries(
    ["name", "rootUrl", "adminUrl", "baseUrl"].map((text) => [
      text,
      { what: "unset", because: "Keycloak takes an empty name or address for none", value: "", in: "clients" },
    ]),
  ),
  ...Object.fromEntries(
    ["trustEmail", "storeToken", "linkOnly", "hideOnLogin", "authenticateByDefault", "addReadTokenRoleOnCreate"].map(
      (flag) => [flag, { what: "unset", because: "Keycloak reads it as no", value: false, in: "identityProviders" }],
    ),
  ),
};

/** Maps in which an empty text is none, by the list of their objects and their name. */
export const emptyIsNone: Readonly<Record<string, MayDiffer>> = {
  browserSecurityHeaders: { what: "unset", because: "Keycloak drops no header: one that shall go is emptied" },
  "clientScopes › attributes": { what: "unset", because: "Keycloak drops no attribute of a scope: it is emptied" },
  "clients › attributes": { what: "unset", because: "Keycloak drops an attribute that is written empty" },
};

/** Members that are left out of one list, as `<list> › <member>`. */
export const leftOutIn: Readonly<Record<string, MayDiffer>> = {
  "account › requiredActions": {
    what: "questions to people",
    because: "a service account never sees one; Keycloak gives it those that all new accounts get",
  },
};

/** Members of which an empty map and none are one, as `<list> › <member>`. */
export const emptyMapIsNone: Readonly<Record<string, MayDiffer>> = {
  "localizationTexts › *": { what: "unset", because: "a language without texts" },
  "texts › *": { what: "unset", because: "a language without texts" },
  "attributes › validations": { what: "unset", because: "an attribute of the profile without checks" },
};

/** Numbers of which only the order they make counts. */
export const numbering: Readonly<Record<string, MayDiffer>> = {
  priority: { what: "numbering", because: "of steps and required actions only the order has a meaning" },
  index: { what: "numbering", because: "of steps and required actions only the order has a meaning" },
};

/** Lists whose order has a meaning, by the member that holds them; all others are sorted before they are compared. */
export const ordered: ReadonlySet<string> = new Set([
  "authenticationExecutions",
  "requiredActions",
  "executors",
  "conditions",
  "attributes",
  "groups of the profile",
]);
