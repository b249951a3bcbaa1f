/**
 * `own`: Keycloak makes it or works it out, and what is written there is not kept. `older`: Keycloak reads it in exports of
 * older versions, and never tells it. `off`: of a feature of Keycloak that is off unless somebody switches it on, and not
 * kept before. `people`: accounts, and what they and their servers write, are not in realm files. `elsewhere`: it is said, at
 * another place.
 */
export type Naming = "own" | "older" | "off" | "people" | "elsewhere";

/** Names of fields that no file has to say. A test tries all of them but `people` on a real Keycloak. */
export const nobodysToSay: ReadonlySet<Naming> = new Set(["own", "older", "off", "people"]);

/** A field that is not counted as said, and why. */
export interface NamedField {
  readonly as: Naming;
  readonly because: string;
}

const all = (as: Naming, because: string, ...fields: readonly string[]): Record<string, NamedField> =>
  Object.fromEntries(fields.map((field) => [field, { as, because }]));

/** Reason of a field that holds an id; one may be written, and says nothing. */
export const anId = "an id, or the id of what it is in";
/** Reason of a field that holds a number of which only the order counts. */
export const numbering = "numbering: their order is compared";

const ids = (...fields: readonly string[]) => all("own", anId, ...fields);
const section = (...fields: readonly string[]) => all("elsewhere", "has a section of its own", ...fields);
const workedOut = (...fields: readonly string[]) => all("own", "worked out from the rest", ...fields);
const older = (...fields: readonly string[]) => all("older", "read in old exports only", ...fields);

/** Fields of Keycloak's representations that files do not say under this name, by kind. */
export const namedFields: Readonly<Record<string, Readonly<Record<string, NamedField>>>> = {
  realm: {
    ...ids("id"),
    ...all("own", "which Keycloak wrote the export", "keycloakVersion"),
    ...workedOut("otpSupportedApplications"),
    ...section("roles", "groups", "clients", "clientScopes", "identityProviders", "identityProviderMappers"),
    ...section("components", "authenticationFlows", "authenticatorConfig", "requiredActions", "organizations"),
    ...section("clientProfiles", "clientPolicies", "localizationTexts"),
    ...all("own", "the client that Keycloak makes for `adminPermissionsEnabled`", "adminPermissionsClient"),
    ...all("elsewhere", "with the client or scope whose roles they are", "scopeMappings", "clientScopeMappings"),
    ...all("elsewhere", "under `roles.everybody`", "defaultRole"),
    ...all("elsewhere", "with the group", "defaultGroups"),
    ...all("elsewhere", "with the scope", "defaultDefaultClientScopes", "defaultOptionalClientScopes"),
    ...all("people", "accounts", "users", "federatedUsers"),
    ...older("privateKey", "publicKey", "certificate", "codeSecret", "defaultRoles"),
    ...older("passwordCredentialGrantAllowed", "userCacheEnabled", "realmCacheEnabled", "userFederationProviders"),
    ...older("userFederationMappers", "protocolMappers", "social", "updateProfileOnInitialSocialLogin"),
    ...older("socialProviders", "applicationScopeMappings", "applications", "oauthClients", "clientTemplates"),
    ...all("off", "feature scim-api", "scimApiEnabled"),
    ...all("off", "feature oid4vc-vci", "verifiableCredentialsEnabled"),
  },
  client: {
    ...ids("id"),
    ...workedOut("access", "origin"),
    ...all("own", "a token that Keycloak makes and shows once", "registrationAccessToken"),
    ...all("people", "servers of the client register themselves, with the time", "registeredNodes"),
    ...all("elsewhere", "a reference; which clients share one is compared", "secret"),
    ...all("elsewhere", "each is a mapper", "protocolMappers"),
    ...all("elsewhere", "has its own row below", "authorizationSettings", "authorizationServicesEnabled"),
    ...older("defaultRoles", "directGrantsOnly", "clientTemplate", "useTemplateConfig", "useTemplateScope"),
    ...older("useTemplateMappers"),
  },
  "client scope": { ...ids("id"), ...all("elsewhere", "each is a mapper", "protocolMappers") },
  "protocol mapper": { ...ids("id"), ...older("consentRequired", "consentText") },
  role: { ...ids("id", "containerId"), ...workedOut("composite", "clientRole"), ...older("scopeParamRequired") },
  group: {
    ...ids("id", "parentId"),
    ...workedOut("path", "subGroupCount", "access"),
    ...all("elsewhere", "each is a group", "subGroups"),
  },
  "identity provider": {
    ...ids("internalId"),
    ...workedOut("types"),
    ...all("elsewhere", "with the organization", "organizationId"),
    ...older("updateProfileFirstLoginMode"),
  },
  "identity provider mapper": ids("id"),
  flow: {
    ...ids("id"),
    ...all("elsewhere", "each is a step", "authenticationExecutions"),
  },
  "step of a flow": {
    ...workedOut("userSetupAllowed"),
    ...all("own", numbering, "priority"),
  },
  "configuration of a step": ids("id"),
  component: { ...ids("id"), ...all("elsewhere", "each is a component", "subComponents") },
  organization: {
    ...ids("Organization.id"),
    ...all("people", "accounts", "Organization.members"),
  },
  "user profile": {},
  "required action": all("own", numbering, "priority"),
  "authorization services": {
    ...ids("ResourceServer.id", "ResourceServer.clientId", "ResourceServer.name"),
    ...ids("Resource.id", "Scope.id", "Policy.id"),
    ...all("elsewhere", "each has its own fields", "ResourceServer.resources", "ResourceServer.policies"),
    ...all("elsewhere", "each has its own fields", "ResourceServer.scopes"),
    ...all("own", "of fine-grained administration", "ResourceServer.authorizationSchema"),
    ...all("people", "who made it", "Resource.owner", "Policy.owner"),
    ...workedOut("Scope.policies", "Scope.resources", "Policy.resourcesData", "Policy.scopesData"),
    ...all(
      "elsewhere",
      "under `config`",
      "Policy.policies",
      "Policy.resources",
      "Policy.scopes",
      "Policy.resourceType",
    ),
  },
  "client policies": {
    ...all("own", "those that every Keycloak has", "ClientPolicies.globalPolicies", "ClientProfiles.globalProfiles"),
    ...all("elsewhere", "each has its own fields", "ClientPolicies.policies", "ClientProfiles.profiles"),
  },
};

/** What a field is called in JSON, where that is not its name in the class. */
export const jsonNames: Readonly<Record<string, string>> = {
  "Resource.iconUri": "Resource.icon_uri",
  "ClientPolicyCondition.conditionProviderId": "ClientPolicyCondition.condition",
  "ClientPolicyExecutor.executorProviderId": "ClientPolicyExecutor.executor",
};
