import { Secret } from "../../../src/core/index.ts";
import { groupPath } from "../../../src/realms/group-path.ts";
import { formatKey, type Key, type PlainMap, type Resource } from "../../../src/reconcile/index.ts";

/** One kind of object in a realm, and what a file may do with it. */
export interface KindCase {
  readonly kind: string;
  readonly key: Key;
  /** What it needs to stand on. */
  readonly ground?: readonly Resource[];
  readonly made: PlainMap;
  readonly changed: PlainMap;
  /** Names set to `null` that were declared before: afterwards they are not there. */
  readonly unset?: PlainMap;
  readonly secrets?: Resource["secrets"];
  /** Something of the same kind that somebody made by hand: `[method, path, body]` of the admin API. */
  readonly byHand?: readonly (readonly [string, string, unknown])[];
  /** Where it can be read, and what of it must be as it was when all is over. */
  readonly neighbour?: readonly [string, PlainMap];
  /** What always exists stays when it is no longer wanted, and goes back to what it is in a new realm; or it is that by then. */
  readonly stays?: "as new" | "as new by then";
}

const client: Resource = {
  kind: "client",
  key: "app",
  fields: { enabled: true, redirectUris: ["https://a.example/cb"] },
};
const scope: Resource = { kind: "client-scope", key: "team", fields: { protocol: "openid-connect" } };
const idp: Resource = {
  kind: "identity-provider",
  key: "idp",
  fields: {
    providerId: "oidc",
    enabled: true,
    config: { authorizationUrl: "https://i.example/a", tokenUrl: "https://i.example/t", clientId: "x" },
  },
  secrets: { clientSecret: { value: new Secret("the secret of the idp"), fingerprint: "f1" } },
};
const organization: Resource = {
  kind: "organization",
  key: "acme",
  fields: { name: "Acme", enabled: true, domains: [{ name: "acme.example" }] },
};
const role: Resource = { kind: "realm-role", key: "reader", fields: {} };
const clientRole: Resource = { kind: "client-role", key: ["app", "viewer of all"], fields: {}, dependsOn: [client] };
/** Names of several words: the whole first one is the owner. */
const myApp: Resource = { ...client, key: "my app" };
/** With an account of its own. */
const machine: Resource = {
  ...client,
  fields: { ...client.fields, serviceAccountsEnabled: true, publicClient: false },
};
/** With authorization services. */
const guard: Resource = {
  ...client,
  fields: { ...client.fields, publicClient: false, serviceAccountsEnabled: true, authorizationServicesEnabled: true },
};
const seeing: Resource = { kind: "authorization-scope", key: ["app", "see"], fields: {}, dependsOn: [client] };
const papers: Resource = { kind: "authorization-resource", key: ["app", "papers"], fields: {}, dependsOn: [client] };
const byDay: Resource = {
  ...{ kind: "authorization-policy", key: ["app", "by day"], dependsOn: [client] },
  fields: { type: "time", config: { hour: "8", hourEnd: "18" } },
};
const profile: Resource = { kind: "client-profile", key: "strict", fields: { executors: [] } };
const parent: Resource = { kind: "group", key: groupPath("customers"), fields: {} };
const ldap: Resource = {
  kind: "component",
  key: ["UserStorageProvider", { path: ["people"] }],
  fields: {
    providerId: "ldap",
    config: {
      ...{ enabled: ["false"], vendor: ["other"], connectionUrl: ["ldap://127.0.0.1:1"], usersDn: ["ou=p"] },
      ...{ authType: ["simple"], bindDn: ["cn=x"], usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"] },
      ...{ uuidLDAPAttribute: ["entryUUID"], userObjectClasses: ["inetOrgPerson"], editMode: ["READ_ONLY"] },
    },
  },
  secrets: { bindCredential: { value: new Secret("the password of the ldap"), fingerprint: "f2" } },
};
const phone: PlainMap = {
  ...{ providerId: "user-attribute-ldap-mapper", parent: formatKey(ldap.key) },
  config: { "ldap.attribute": ["phone"], "user.model.attribute": ["phone"], "read.only": ["true"] },
};
/** A component is Keycloak's to check: what it needs is said each time. */
const withConfig = (fields: PlainMap, more: PlainMap): PlainMap => ({
  ...fields,
  config: { ...(fields["config"] as PlainMap), ...more },
});
const claim = (name: string, more: PlainMap = {}): PlainMap => ({
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-attribute-mapper",
  config: { "user.attribute": name, "claim.name": name, "jsonType.label": "String", ...more },
});
const form: PlainMap = { does: "auth-username-password-form", requirement: "REQUIRED" };
const cookie: PlainMap = { does: "auth-cookie", requirement: "ALTERNATIVE" };
const review = (how: string): PlainMap => ({
  ...{ does: "idp-review-profile", requirement: "REQUIRED" },
  config: { alias: "review", config: { "update.profile.on.first.login": how } },
});

/** Every kind that is made and taken away. */
export const kindCases: readonly KindCase[] = [
  {
    ...{ kind: "client", key: "app" },
    made: {
      ...{ enabled: true, description: "An app", redirectUris: ["https://b.example/", "https://a.example/"] },
      attributes: { "pkce.code.challenge.method": "S256", "access.token.lifespan": "60" },
      authenticationFlowBindingOverrides: { browser: "direct grant" },
    },
    changed: {
      ...{ description: "The app", redirectUris: ["https://a.example/"] },
      ...{ attributes: { "access.token.lifespan": "90" }, authenticationFlowBindingOverrides: { browser: "browser" } },
    },
    unset: {
      ...{ description: null, attributes: { "access.token.lifespan": null } },
      authenticationFlowBindingOverrides: { browser: null },
    },
    secrets: { secret: { value: new Secret("the secret of the app"), fingerprint: "f3" } },
    byHand: [["POST", "/clients", { clientId: "by-hand", description: "mine" }]],
    neighbour: ["/clients?clientId=by-hand", { description: "mine" }],
  },
  {
    ...{ kind: "client-mapper", key: ["app", "team of person"], ground: [client] },
    made: claim("team", { multivalued: "true" }),
    changed: claim("department"),
    unset: { config: { multivalued: null } },
  },
  {
    ...{ kind: "client-mapper", key: ["my app", "team of person"], ground: [myApp] },
    made: claim("team", { multivalued: "true" }),
    changed: claim("department"),
  },
  {
    ...{ kind: "client-scope", key: "team" },
    made: { protocol: "openid-connect", description: "Team", attributes: { "include.in.token.scope": "true" } },
    changed: { description: "The team", attributes: { "include.in.token.scope": "false" } },
    unset: { description: null },
    byHand: [["POST", "/client-scopes", { name: "by-hand", protocol: "openid-connect" }]],
  },
  {
    ...{ kind: "client-scope", key: "of-saml" },
    made: { protocol: "openid-connect" },
    changed: { protocol: "saml" },
  },
  {
    ...{ kind: "client-scope-mapper", key: ["team", "team"], ground: [scope] },
    made: claim("team"),
    changed: claim("department", { multivalued: "true" }),
    unset: { config: { multivalued: null } },
  },
  {
    ...{ kind: "client-scope-assignment", key: ["app", "team"], ground: [client, scope] },
    made: { assigned: "default" },
    changed: { assigned: "optional" },
  },
  {
    ...{ kind: "client-role-scope", key: "app", ground: [client, role, clientRole] },
    made: { roles: ["app viewer of all", "realm reader"] },
    changed: { roles: ["account view-profile", "realm reader"] },
  },
  {
    ...{ kind: "client-scope-role-scope", key: "team", ground: [scope, role, client, clientRole] },
    made: { roles: ["app viewer of all", "realm reader"] },
    changed: { roles: ["realm reader"] },
  },
  {
    ...{ kind: "default-client-scope", key: "team", ground: [scope] },
    made: { assigned: "optional" },
    changed: { assigned: "default" },
  },
  {
    ...{ kind: "authorization-settings", key: "app", ground: [guard] },
    made: { policyEnforcementMode: "PERMISSIVE", decisionStrategy: "AFFIRMATIVE" },
    changed: { policyEnforcementMode: "DISABLED", allowRemoteResourceManagement: false },
  },
  {
    ...{ kind: "authorization-scope", key: ["app", "see it"], ground: [guard] },
    made: { displayName: "See", iconUri: "https://i.example/" },
    changed: { displayName: "Look" },
    unset: { displayName: null, iconUri: null },
  },
  {
    ...{ kind: "authorization-resource", key: ["app", "all papers"], ground: [guard, seeing] },
    made: {
      ...{
        displayName: "Papers",
        type: "urn:paper",
        uris: ["/b/*", "/a/*"],
        scopes: ["see"],
        ownerManagedAccess: true,
      },
      ...{ icon_uri: "https://i.example/", attributes: { kind: ["a", "b"], size: ["1"] } },
    },
    changed: { uris: ["/a/*"], scopes: [], attributes: { kind: ["a"] } },
    unset: { displayName: null, type: null, icon_uri: null, attributes: { size: null } },
  },
  {
    ...{ kind: "authorization-policy", key: ["app", "the viewers"], ground: [guard, role, clientRole] },
    made: {
      ...{ type: "role", description: "Who sees", logic: "NEGATIVE" },
      config: {
        roles: [
          { role: "realm reader", required: false },
          { role: "app viewer of all", required: true },
        ],
        fetchRoles: "true",
      },
    },
    changed: { type: "role", logic: "POSITIVE", config: { roles: [{ role: "realm reader", required: true }] } },
    unset: { description: null, config: { fetchRoles: null } },
  },
  {
    ...{ kind: "authorization-policy", key: ["app", "customers"], ground: [guard, parent] },
    made: { type: "group", config: { groups: [{ path: "/customers", children: true }], groupsClaim: "groups" } },
    changed: { type: "client-scope", config: { clientScopes: [{ scope: "profile", required: true }] } },
  },
  {
    ...{ kind: "authorization-policy", key: ["app", "papers"], ground: [guard, seeing, papers, byDay] },
    made: { type: "scope", config: { resources: ["papers"], scopes: ["see"], applyPolicies: ["by day"] } },
    changed: { type: "scope", config: { resources: [], scopes: ["see"], applyPolicies: [] } },
    unset: { config: { resources: null } },
  },
  {
    ...{ kind: "workflow", key: "for the new / ones" },
    made: {
      ...{ on: "user-created", concurrency: { "restart-in-progress": "true" } },
      steps: [
        { uses: "notify-user", after: "1000", with: { message: "Hi" } },
        { uses: "disable-user", after: "P30D" },
      ],
    },
    changed: { on: "user-created", enabled: false, steps: [{ uses: "notify-user", after: "P20D" }] },
    unset: { on: "user-created", steps: [{ uses: "notify-user", after: "P20D" }], enabled: null },
  },
  {
    ...{ kind: "client-profile", key: "strict / one" },
    made: {
      description: "Strict",
      executors: [
        { executor: "pkce-enforcer", configuration: { "auto-configure": true } },
        { executor: "consent-required", configuration: {} },
      ],
    },
    changed: { executors: [{ executor: "consent-required", configuration: {} }] },
    unset: { description: null },
    byHand: [["PUT", "/client-policies/profiles", { profiles: [{ name: "by hand", executors: [] }] }]],
    neighbour: ["/client-policies/profiles", { profiles: [{ name: "by hand" }] }],
  },
  {
    ...{ kind: "client-policy", key: "for the app", ground: [profile] },
    made: {
      ...{ description: "For the app", enabled: true, profiles: ["strict", "fapi-1-baseline"] },
      conditions: [{ condition: "client-roles", configuration: { roles: ["x"] } }],
    },
    changed: { enabled: false, profiles: ["strict"], conditions: [] },
    unset: { description: null },
  },
  {
    ...{ kind: "identity-provider", key: "idp" },
    made: { ...idp.fields, displayName: "The IdP", postBrokerLoginFlowAlias: "registration" },
    changed: { displayName: "An IdP", config: { clientId: "y" } },
    unset: { displayName: null, postBrokerLoginFlowAlias: null },
    secrets: idp.secrets ?? {},
    byHand: [
      ["POST", "/identity-provider/instances", { ...idp.fields, alias: "by-hand", displayName: "mine" }],
      ["POST", "/identity-provider/instances/by-hand/mappers", mapper("by hand")],
    ],
    neighbour: ["/identity-provider/instances/by-hand", { displayName: "mine" }],
  },
  {
    ...{ kind: "upstream-mapper", key: ["idp", "team of person"], ground: [idp] },
    made: { identityProviderMapper: "oidc-user-attribute-idp-mapper", config: { claim: "a", "user.attribute": "b" } },
    changed: { config: { claim: "c", syncMode: "FORCE" } },
    unset: { config: { syncMode: null } },
  },
  {
    ...{ kind: "organization", key: "acme" },
    made: {
      ...{ name: "Acme", enabled: true, description: "A customer", attributes: { size: ["big"], kind: ["x"] } },
      domains: [{ name: "acme.example" }, { name: "acme.test" }],
    },
    changed: { description: "The customer", attributes: { size: ["small"] }, domains: [{ name: "acme.example" }] },
    unset: { description: null, attributes: { size: null } },
    byHand: [["POST", "/organizations", { name: "by-hand", alias: "by-hand", domains: [{ name: "h.example" }] }]],
  },
  {
    ...{ kind: "organization-upstream", key: ["acme", "idp"], ground: [organization, idp] },
    made: { domain: "acme.example", redirect: "true" },
    changed: { redirect: "false" },
    unset: { redirect: null },
  },
  {
    ...{ kind: "organization-group", key: ["acme", groupPath("sales")], ground: [organization, role] },
    made: { description: "Those who sell", attributes: { floor: ["1"] }, realmRoles: ["reader"] },
    changed: { attributes: { floor: ["2", "3"] }, realmRoles: [], clientRoles: ["account view-profile"] },
    unset: { description: null, attributes: { floor: null } },
  },
  {
    ...{ kind: "organization-group", key: ["acme", groupPath("sales", "night / day")] },
    ground: [
      organization,
      { kind: "organization-group", key: ["acme", groupPath("sales")], fields: {} },
      client,
      clientRole,
    ],
    made: { description: "At night", attributes: { floor: ["1"] }, clientRoles: ["app viewer of all"] },
    changed: { description: "At night and by day", attributes: { floor: ["2"] }, clientRoles: [] },
    unset: { attributes: { floor: null } },
  },
  {
    ...{ kind: "realm-role", key: "writer of all", ground: [role] },
    made: {
      description: "Writes",
      attributes: { a: ["1", "2"] },
      composites: ["realm reader", "account view-profile"],
    },
    changed: { description: "Writes all", attributes: { a: ["1"] }, composites: ["realm reader"] },
    unset: { attributes: { a: null } },
    byHand: [["POST", "/roles", { name: "by hand", description: "mine" }]],
    neighbour: ["/roles/by%20hand", { description: "mine" }],
  },
  {
    ...{ kind: "client-role", key: ["app", "viewer"], ground: [client, role] },
    made: { description: "Views", composites: ["realm reader"] },
    changed: { description: "Views all", composites: ["account view-profile"] },
    unset: { description: null },
  },
  {
    ...{ kind: "client-role", key: ["my app", "viewer"], ground: [myApp, role] },
    made: { description: "Views", composites: ["realm reader"] },
    changed: { description: "Views all", composites: ["account view-profile"] },
  },
  {
    ...{ kind: "service-account-role", key: ["app", "account", "view-profile"] },
    ground: [machine],
    ...{ made: {}, changed: {} },
  },
  {
    ...{ kind: "service-account-group", key: ["app", groupPath("customers", "a / b")] },
    ground: [machine, parent, { kind: "group", key: groupPath("customers", "a / b"), fields: {} }],
    ...{ made: {}, changed: {} },
  },
  {
    ...{ kind: "service-account", key: "app", ground: [machine] },
    made: { email: "app@a.example", firstName: "App", attributes: { team: ["a", "b"], size: ["1"] } },
    changed: { firstName: "The app", attributes: { team: ["a"] } },
  },
  {
    ...{ kind: "group", key: groupPath("customers", "acme"), ground: [parent, role, client, clientRole] },
    made: { attributes: { domain: ["a"] }, realmRoles: ["reader"], clientRoles: ["app viewer of all"] },
    changed: { attributes: { domain: ["b", "c"] }, realmRoles: [], clientRoles: ["account view-profile"] },
    unset: { attributes: { domain: null } },
    byHand: [["POST", "/groups", { name: "by hand", attributes: { mine: ["yes"] } }]],
    neighbour: ["/group-by-path/by%20hand", { attributes: { mine: ["yes"] } }],
  },
  {
    ...{ kind: "group", key: groupPath("customers", "acme / spare"), ground: [parent, myApp] },
    made: { attributes: { number: ["1"] } },
    changed: { attributes: { number: ["2"] } },
  },
  {
    ...{ kind: "default-group", key: groupPath("customers"), ground: [parent] },
    ...{ made: {}, changed: {} },
  },
  {
    ...{ kind: "authentication-flow", key: "our login" },
    made: { description: "Ours", steps: [cookie, { flow: "our forms", requirement: "ALTERNATIVE", steps: [form] }] },
    changed: {
      description: "Ours",
      steps: [{ flow: "our forms", requirement: "ALTERNATIVE", steps: [form, review("off")] }],
    },
    byHand: [["POST", "/authentication/flows/browser/copy", { newName: "by hand" }]],
  },
  {
    ...{ kind: "component", key: ldap.key, secrets: ldap.secrets ?? {} },
    made: ldap.fields,
    changed: withConfig(ldap.fields, { usersDn: ["ou=q"], searchScope: ["2"] }),
    unset: withConfig(ldap.fields, { usersDn: ["ou=q"], searchScope: null }),
  },
  {
    ...{ kind: "component", key: ["LDAPStorageMapper", { path: ["people", "phone"] }], ground: [ldap] },
    made: phone,
    changed: withConfig(phone, { "ldap.attribute": ["mobile"], "read.only": ["false"] }),
  },
  {
    ...{ kind: "profile-attribute", key: "team" },
    made: { displayName: "Team", multivalued: true, permissions: { view: ["admin"], edit: ["admin"] } },
    changed: { displayName: "The team", permissions: { view: ["user", "admin"], edit: ["admin"] } },
    unset: { displayName: null },
  },
  {
    ...{ kind: "profile-builtin", key: "email", stays: "as new" },
    made: { displayName: "Mail" },
    changed: { displayName: "E-mail", permissions: { view: ["admin"], edit: ["admin"] } },
  },
  {
    ...{ kind: "profile-settings", key: "profile", stays: "as new by then" },
    made: { unmanagedAttributePolicy: "ADMIN_VIEW" },
    changed: { unmanagedAttributePolicy: "ADMIN_EDIT" },
    unset: { unmanagedAttributePolicy: null },
  },
  {
    ...{ kind: "required-action", key: "TERMS_AND_CONDITIONS", stays: "as new" },
    made: { enabled: true, name: "Terms" },
    changed: { enabled: false, defaultAction: false, name: "The terms", priority: 15 },
  },
  {
    ...{ kind: "localization", key: "de", stays: "as new by then" },
    made: { texts: { greeting: "Hallo", bye: "Tschüss" } },
    changed: { texts: { greeting: "Guten Tag" } },
    unset: { texts: { greeting: null } },
  },
  {
    ...{ kind: "default-right", key: ["account", "view-profile"], stays: "as new by then" },
    ...{ made: { granted: false }, changed: { granted: true } },
  },
];

function mapper(name: string): PlainMap {
  const config = { claim: "a", "user.attribute": "b" };
  return { name, identityProviderAlias: "by-hand", identityProviderMapper: "oidc-user-attribute-idp-mapper", config };
}
