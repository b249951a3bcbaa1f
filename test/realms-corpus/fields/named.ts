/**
 * `own`: Keycloak makes it or works it out. `elsewhere`: it is said, at another place. `people`: accounts are not in realm
 * files. `older`: Keycloak reads it in exports of older versions, and never tells it. `off`: of a feature of Keycloak that
 * is off unless somebody switches it on.
 */
export type Naming = "own" | "elsewhere" | "people" | "older" | "off";

/** A field that is not counted as said, and why. */
export interface NamedField {
  readonly as: Naming;
  readonly because: string;
}

const all = (as: Naming, because: string, ...fields: readonly string[]): Record<string, NamedField> =>
  Object.fromEntries(fields.map((field) => [field, { as, because }]));

const ids = (...fields: readonly string[]) => all("own", "an id, or the id of what it is in", ...fields);
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
    ...section("clientProfiles", "clientPolicies", "localizationTexts", "adminPermissionsClient"),
    ...all("elsewhere", "with the client or scope whose roles they are", "scopeMappings", "clientScopeMappings"),
    ...all("elsewhere", "under `roles.everybody`", "defaultRole"),
    ...all("elsewhere", "with the group", "defaultGroups"),
    ...all("elsewhere", "with the scope", "defaultDefaultClientScopes", "defaultOptionalClientScopes"),
    ...all("people", "accounts", "users", "federatedUsers"),
    ...older("privateKey", "publicKey", "certificate", "codeSecret", "defaultRoles", "requiredCredentials"),
    ...older("passwordCredentialGrantAllowed", "userCacheEnabled", "realmCacheEnabled", "userFederationProviders"),
    ...older("userFederationMappers", "protocolMappers", "social", "updateProfileOnInitialSocialLogin"),
    ...older("socialProviders", "applicationScopeMappings", "applications", "oauthClients", "clientTemplates"),
    ...all("off", "feature scim-api", "scimApiEnabled"),
  },
  client: {
    ...ids("id"),
    ...workedOut("access", "origin"),
    ...all("own", "a token that Keycloak makes and shows once", "registrationAccessToken"),
    ...all("own", "servers of the client register themselves", "registeredNodes"),
    ...all("elsewhere", "a reference; which clients share one is compared", "secret"),
    ...all("elsewhere", "each is a mapper", "protocolMappers"),
    ...all("elsewhere", "has its own row below", "authorizationSettings", "authorizationServicesEnabled"),
    ...older("defaultRoles", "directGrantsOnly", "clientTemplate", "useTemplateConfig", "useTemplateScope"),
    ...older("useTemplateMappers"),
    ...all("off", "feature client-types", "type"),
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
    ...workedOut("topLevel", "builtIn"),
    ...all("elsewhere", "each is a step", "authenticationExecutions"),
  },
  "step of a flow": {
    ...workedOut("authenticatorFlow", "userSetupAllowed"),
    ...older("autheticatorFlow"),
    ...all("own", "numbering: their order is compared", "priority"),
  },
  "configuration of a step": ids("id"),
  component: { ...ids("id"), ...all("elsewhere", "each is a component", "subComponents") },
  organization: {
    ...ids("Organization.id"),
    ...all("people", "accounts", "Organization.members"),
  },
  "user profile": {},
  "required action": all("own", "numbering: their order is compared", "priority"),
  "authorization services": {
    ...ids("ResourceServer.id", "ResourceServer.clientId", "ResourceServer.name"),
    ...ids("Resource.id", "Scope.id", "Policy.id"),
    ...all("elsewhere", "each has its own fields", "ResourceServer.resources", "ResourceServer.policies"),
    ...all("elsewhere", "each has its own fields", "ResourceServer.scopes"),
    ...all("own", "of fine-grained administration", "ResourceServer.authorizationSchema", "Policy.resourceType"),
    ...all("people", "who made it", "Resource.owner", "Policy.owner"),
    ...workedOut("Scope.policies", "Scope.resources", "Policy.resourcesData", "Policy.scopesData"),
    ...all("elsewhere", "under `config`", "Policy.policies", "Policy.resources", "Policy.scopes"),
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
