import { clientId, type Fields, type Hand, named, scopeId } from "./hand.ts";
import type { Recipe } from "./recipe.ts";
import { addStep, addSubFlow, newFlow } from "./traits/flows.ts";
import { newProvider } from "./traits/identity-providers.ts";

/** What a company does with its realm in its first years. */
async function years(at: Hand): Promise<void> {
  await at.change("", {
    ...{
      displayName: "Acme",
      loginTheme: "keycloak.v2",
      registrationAllowed: true,
      verifyEmail: true,
      rememberMe: true,
    },
    ...{ internationalizationEnabled: true, supportedLocales: ["de", "en"], defaultLocale: "de" },
    ...{ eventsEnabled: true, eventsExpiration: 86_400, enabledEventTypes: ["LOGIN", "LOGIN_ERROR", "LOGOUT"] },
    ...{ adminEventsEnabled: true, bruteForceProtected: true, passwordPolicy: "length(12) and notUsername(undefined)" },
    smtpServer: { host: "mail.acme.example", from: "login@acme.example", auth: "true", user: "us", password: "kept" },
  });
  await at.post("/localization/de", { "login.title": "Willkommen", doLogIn: "Los" });
  await rights(at);
  await clients(at);
  await logins(at);
}

async function rights(at: Hand): Promise<void> {
  for (const name of ["employee", "Leitung", "tmp"])
    await at.post("/roles", { name, description: `Those who are ${name}` });
  await at.change("/roles/tmp", { name: "contractor" });
  await at.post("/roles/Leitung/composites", [await at.get("/roles/employee")]);
  await at.post(`/roles/default-roles-${at.realm}/composites`, [await at.get("/roles/employee")]);
  const company = await at.post("/groups", { name: "Acme", attributes: { site: ["Köln", "Bonn"] } });
  const sales = await at.post(`/groups/${company}/children`, { name: "R&D / Sales" });
  await at.post(`/groups/${sales}/role-mappings/realm`, [await at.get("/roles/Leitung")]);
  await at.put(`/default-groups/${company}`, {});
}

async function clients(at: Hand): Promise<void> {
  const team = await at.post("/client-scopes", { name: "team", protocol: "openid-connect" });
  await at.put(`/default-optional-client-scopes/${team}`, {});
  await at.del(`/client-scopes/${await scopeId(at, "phone")}`);
  const profile = await scopeId(at, "profile");
  const models = await at.list(`/client-scopes/${profile}/protocol-mappers/models`);
  await at.del(`/client-scopes/${profile}/protocol-mappers/models/${named(models, "name", "zoneinfo").id}`);
  const wiki = { clientId: "Wiki der Firma", redirectUris: ["https://wiki.acme.example/*"], secret: "of the wiki" };
  const id = await at.post("/clients", { ...wiki, fullScopeAllowed: false, webOrigins: ["+"] });
  await at.post(`/clients/${id}/scope-mappings/realm`, [await at.get("/roles/employee")]);
  await at.post(`/clients/${id}/roles`, { name: "editor" });
  await at.del(`/clients/${id}/default-client-scopes/${await scopeId(at, "acr")}`);
  await at.post("/clients", {
    clientId: "https://sp.acme.example/saml",
    protocol: "saml",
    redirectUris: ["https://sp/*"],
  });
  const api = {
    clientId: "api",
    serviceAccountsEnabled: true,
    authorizationServicesEnabled: true,
    secret: "of the api",
  };
  const server = await at.post("/clients", { ...api, standardFlowEnabled: false });
  await at.post(`/clients/${server}/authz/resource-server/scope`, { name: "view" });
  const user = String((await at.get(`/clients/${server}/service-account-user`))["id"]);
  const management = await clientId(at, "realm-management");
  const view = await at.get(`/clients/${management}/roles/view-users`);
  await at.post(`/users/${user}/role-mappings/clients/${management}`, [view]);
  await at.change(`/clients/${await clientId(at, "account-console")}`, { name: "Mein Konto" });
}

async function logins(at: Hand): Promise<void> {
  await newProvider(at, "partner", { displayName: "Partner", trustEmail: true });
  const mapper = {
    name: "mail",
    identityProviderAlias: "partner",
    identityProviderMapper: "oidc-user-attribute-idp-mapper",
  };
  const config = { claim: "mail", "user.attribute": "email", syncMode: "FORCE" };
  await at.post("/identity-provider/instances/partner/mappers", { ...mapper, config });
  await at.post("/authentication/flows/browser/copy", { newName: "browser of Acme" });
  const path = "/authentication/flows/browser%20of%20Acme/executions";
  const steps = await at.list(path);
  await at.put(path, { ...named(steps, "providerId", "auth-spnego"), requirement: "ALTERNATIVE" });
  await at.change("", { browserFlow: "browser of Acme" });
  await newFlow(at, "second factor");
  await addSubFlow(at, "second factor", "codes", "ALTERNATIVE");
  await addStep(at, "codes", "auth-otp-form");
  await at.change("/authentication/required-actions/TERMS_AND_CONDITIONS", { enabled: true, defaultAction: true });
  await at.del("/authentication/required-actions/delete_credential");
  const profile = (await at.get("/users/profile")) as { attributes: Fields[] };
  const floor = { name: "floor", permissions: { view: ["admin", "user"], edit: ["admin"] }, displayName: "Stockwerk" };
  await at.put("/users/profile", { ...profile, attributes: [...profile.attributes, floor] });
}

async function directory(at: Hand): Promise<void> {
  const parent = await at.post("/components", {
    ...{ name: "people of Acme", providerId: "ldap", providerType: "org.keycloak.storage.UserStorageProvider" },
    config: {
      ...{
        vendor: ["ad"],
        connectionUrl: ["ldaps://ad.acme.example"],
        usernameLDAPAttribute: ["cn"],
        enabled: ["true"],
      },
      ...{ rdnLDAPAttribute: ["cn"], uuidLDAPAttribute: ["objectGUID"], userObjectClasses: ["person, user"] },
      ...{ usersDn: ["ou=people,dc=acme"], authType: ["simple"], bindDn: ["cn=us"], bindCredential: ["kept by hand"] },
      ...{ editMode: ["READ_ONLY"], priority: ["0"], importEnabled: ["true"], fullSyncPeriod: ["3600"] },
    },
  });
  const groups = { "groups.dn": ["ou=groups,dc=acme"], "membership.ldap.attribute": ["member"], mode: ["READ_ONLY"] };
  const config = { ...groups, "group.name.ldap.attribute": ["cn"], "group.object.classes": ["group"] };
  const type = "org.keycloak.storage.ldap.mappers.LDAPStorageMapper";
  const mapper = { name: "groups", providerId: "group-ldap-mapper", providerType: type, parentId: parent };
  await at.post("/components", { ...mapper, config });
}

async function customers(at: Hand): Promise<void> {
  await at.change("", { organizationsEnabled: true });
  for (const name of ["north", "south"]) {
    await newProvider(at, `${name}-idp`, { hideOnLogin: true });
    const organization = { name: `Customer ${name}`, alias: name, domains: [{ name: `${name}.example` }] };
    const id = await at.post("/organizations", { ...organization, attributes: { tier: ["gold"] } });
    await at.post(`/organizations/${id}/identity-providers`, `${name}-idp`);
  }
}

/** Realms that people used for a while. */
export const livedRealms: readonly Recipe[] = [
  { name: "a realm that lived", byHand: years },
  {
    name: "a realm that lived, with a directory",
    byHand: async (at) => {
      await years(at);
      await directory(at);
    },
  },
  {
    name: "a realm that lived, with customers",
    byHand: async (at) => {
      await years(at);
      await customers(at);
    },
  },
  {
    name: "a realm whose built-ins are mostly gone",
    byHand: async (at) => {
      for (const scope of ["address", "phone", "microprofile-jwt", "offline_access"]) {
        await at.del(`/client-scopes/${await scopeId(at, scope)}`);
      }
      for (const role of ["offline_access", "uma_authorization"]) await at.del(`/roles/${role}`);
      for (const action of ["VERIFY_PROFILE", "UPDATE_PROFILE", "webauthn-register"]) {
        await at.del(`/authentication/required-actions/${action}`);
      }
    },
  },
];
