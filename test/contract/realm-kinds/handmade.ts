import { bareBase64, makeCertificate } from "../../support/certificates.ts";
import type { KeycloakAdmin } from "../../support/keycloak-admin.ts";

/** Secrets in the realm that somebody made by hand; none of them may ever be seen. */
export const handmadeSecrets = {
  client: "canary-secret-of-the-client",
  upstream: "canary-secret-of-the-upstream",
  ldap: "canary-password-of-the-ldap",
} as const;

const certificate = bareBase64(makeCertificate({ name: "acme saml signing", ends: 300, rsaBits: 2048 }));

/** A realm as an administrator would have made it in the console over the years: something of everything. */
export async function makeByHand(admin: KeycloakAdmin, realm: string): Promise<void> {
  const post = (path: string, body: unknown) => admin.call("POST", `/${realm}${path}`, body);
  const put = (path: string, body: unknown) => admin.call("PUT", `/${realm}${path}`, body);
  await admin.call("POST", "", {
    ...{ realm, enabled: true, organizationsEnabled: true, displayName: "By hand", accessTokenLifespan: 120 },
    ...{ internationalizationEnabled: true, supportedLocales: ["de", "en"], defaultLocale: "de" },
    ...{ bruteForceProtected: true, eventsEnabled: true, attributes: { "acr.loa.map": "{}" } },
  });
  await post("/localization/de", { greeting: "Hallo: „Welt“", other: "# kein Kommentar" });
  await roles(admin, realm);
  await post("/client-scopes", { name: "team", protocol: "openid-connect", attributes: { "gui.order": "3" } });
  const scope = (await admin.list(`/${realm}/client-scopes`)).find((s) => s["name"] === "team");
  await post(`/client-scopes/${String(scope?.["id"])}/protocol-mappers/models`, claim("team"));
  await put(`/default-optional-client-scopes/${String(scope?.["id"])}`, undefined);
  await clients(admin, realm, String(scope?.["id"]));
  await post("/authentication/flows/browser/copy", { newName: "browser by hand" });
  await post("/authentication/flows/first broker login/copy", { newName: "first by hand" });
  await put("", { browserFlow: "browser by hand" });
  await upstreams(admin, realm);
  await put("/authentication/required-actions/TERMS_AND_CONDITIONS", {
    ...(await admin.get(`/${realm}/authentication/required-actions/TERMS_AND_CONDITIONS`)),
    ...{ enabled: true, defaultAction: true },
  });
  const profile = await admin.get(`/${realm}/users/profile`);
  const team = { name: "team", displayName: "Team", permissions: { view: ["admin", "user"], edit: [] } };
  await put("/users/profile", {
    ...{ ...profile, attributes: [...(profile["attributes"] as unknown[]), team] },
    unmanagedAttributePolicy: "ADMIN_VIEW",
  });
  await post("/components", {
    ...{ name: "people", providerId: "ldap", providerType: "org.keycloak.storage.UserStorageProvider" },
    config: {
      ...{ enabled: ["false"], vendor: ["other"], connectionUrl: ["ldap://127.0.0.1:1"], usersDn: ["ou=p"] },
      ...{ authType: ["simple"], bindDn: ["cn=x"], bindCredential: [handmadeSecrets.ldap], editMode: ["READ_ONLY"] },
      ...{ usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"] },
      userObjectClasses: ["inetOrgPerson, organizationalPerson"],
    },
  });
}

const claim = (name: string) => ({
  ...{ name: `${name} of person`, protocol: "openid-connect", protocolMapper: "oidc-usermodel-attribute-mapper" },
  config: { "user.attribute": name, "claim.name": name, "jsonType.label": "String", "access.token.claim": "true" },
});

async function roles(admin: KeycloakAdmin, realm: string): Promise<void> {
  const post = (path: string, body: unknown) => admin.call("POST", `/${realm}${path}`, body);
  await post("/roles", { name: "reader", description: "Reads", attributes: { level: ["1", "2"] } });
  await post("/roles", {
    ...{ name: "writer of all", composite: true },
    composites: { realm: ["reader"], client: { account: ["view-profile"] } },
  });
  const everybody = (await admin.get(`/${realm}`))["defaultRole"] as Record<string, unknown>;
  await post(`/roles-by-id/${String(everybody["id"])}/composites`, [await admin.get(`/${realm}/roles/reader`)]);
  const parent = String(await post("/groups", { name: "customers", attributes: { kind: ["all"] } }));
  await post(`/groups/${parent}/children`, { name: "acme & co", attributes: { a: ["b"] } });
  const child = (await admin.list(`/${realm}/groups/${parent}/children`))[0];
  await post(`/groups/${String(child?.["id"])}/role-mappings/realm`, [await admin.get(`/${realm}/roles/reader`)]);
  await post(`/groups/${String(child?.["id"])}/children`, { name: "web" });
  await admin.call("PUT", `/${realm}/default-groups/${parent}`);
}

async function clients(admin: KeycloakAdmin, realm: string, scope: string): Promise<void> {
  const post = (path: string, body: unknown) => admin.call("POST", `/${realm}${path}`, body);
  const id = String(
    await post("/clients", {
      ...{ clientId: "portal", secret: handmadeSecrets.client, redirectUris: ["https://p.example/*", "/x"] },
      ...{ serviceAccountsEnabled: true, standardFlowEnabled: true, description: "The portal", attributes: { a: "b" } },
    }),
  );
  await post(`/clients/${id}/roles`, { name: "viewer", description: "Views" });
  await post(`/clients/${id}/protocol-mappers/models`, claim("department"));
  await admin.call("DELETE", `/${realm}/clients/${id}/optional-client-scopes/${scope}`);
  await admin.call("PUT", `/${realm}/clients/${id}/default-client-scopes/${scope}`);
  const user = await admin.get(`/${realm}/clients/${id}/service-account-user`);
  const [management] = await admin.list(`/${realm}/clients?clientId=realm-management`);
  const role = await admin.get(`/${realm}/clients/${String(management?.["id"])}/roles/view-users`);
  await post(`/users/${String(user["id"])}/role-mappings/clients/${String(management?.["id"])}`, [role]);
  await post("/clients", { clientId: "mobile", publicClient: true, redirectUris: ["app://x"], enabled: false });
  await post("/clients", {
    clientId: "https://sp.example/saml",
    protocol: "saml",
    redirectUris: ["https://sp.example/"],
  });
}

async function upstreams(admin: KeycloakAdmin, realm: string): Promise<void> {
  const post = (path: string, body: unknown) => admin.call("POST", `/${realm}${path}`, body);
  await post("/identity-provider/instances", {
    ...{ alias: "acme-oidc", providerId: "oidc", displayName: "Acme", firstBrokerLoginFlowAlias: "first by hand" },
    config: {
      ...{ authorizationUrl: "https://i.example/a", tokenUrl: "https://i.example/t", clientId: "x", syncMode: "FORCE" },
      clientSecret: handmadeSecrets.upstream,
    },
  });
  await post("/identity-provider/instances/acme-oidc/mappers", {
    ...{ name: "groups of person", identityProviderAlias: "acme-oidc" },
    identityProviderMapper: "oidc-user-attribute-idp-mapper",
    config: { claim: "groups", "user.attribute": "team", syncMode: "INHERIT" },
  });
  await post("/identity-provider/instances", {
    ...{ alias: "acme-saml", providerId: "saml", enabled: false },
    config: {
      singleSignOnServiceUrl: "https://i.example/sso",
      idpEntityId: "https://i.example/",
      signingCertificate: certificate,
    },
  });
  const organization = String(
    await post("/organizations", {
      ...{ name: "Acme & Co", alias: "acme", description: "A customer", attributes: { size: ["big"] } },
      domains: [{ name: "acme.example" }, { name: "acme.test" }],
    }),
  );
  await post(`/organizations/${organization}/identity-providers`, "acme-oidc");
}
