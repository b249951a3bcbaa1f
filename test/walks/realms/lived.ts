import { clientId, type Hand, named, scopeId } from "../../realms-corpus/hand.ts";
import type { Recipe } from "../../realms-corpus/recipe.ts";

/** Whoever imports a realm knows its secrets; here they are all the same. */
export const secretOfAll = "kept by hand for years";

/** A realm as years leave it: built-ins that somebody changed or deleted, flows of its own, LDAP, programs with secrets. */
export const livedRealm: Recipe = {
  name: "a realm that lived",
  realm: "lived",
  with: {
    ...{ displayName: "Ours since 2017", accessTokenLifespan: 240, bruteForceProtected: true, eventsEnabled: true },
    ...{ internationalizationEnabled: true, supportedLocales: ["de", "en"], defaultLocale: "de" },
    smtpServer: { host: "mail.example", from: "a@b.example", auth: "true", user: "u", password: secretOfAll },
  },
  byHand: async (at) => {
    await builtIns(at);
    await flows(at);
    await ldap(at);
    await programs(at);
  },
};

/** What every new realm has, otherwise. */
async function builtIns(at: Hand): Promise<void> {
  await at.del(`/client-scopes/${await scopeId(at, "phone")}`);
  const profile = await scopeId(at, "profile");
  const mappers = await at.list(`/client-scopes/${profile}/protocol-mappers/models`);
  await at.del(`/client-scopes/${profile}/protocol-mappers/models/${named(mappers, "name", "nickname").id}`);
  await at.change(`/clients/${await clientId(at, "account")}`, { name: "My account" });
  await at.change("/authentication/required-actions/VERIFY_EMAIL", { defaultAction: true });
  await at.change("/authentication/required-actions/UPDATE_PROFILE", { enabled: false });
  await at.post("/localization/de", { loginTitle: "Bei uns anmelden" });
}

/** A copy of a built-in flow with a condition of its own, bound for the browser. */
async function flows(at: Hand): Promise<void> {
  await at.post("/authentication/flows/browser/copy", { newName: "browser of ours" });
  const path = `/authentication/flows/${encodeURIComponent("browser of ours")}/executions`;
  const kerberos = named(await at.list(path), "providerId", "auth-spnego");
  await at.del(`/authentication/executions/${kerberos.id}`);
  await at.change("", { browserFlow: "browser of ours" });
}

/** People of a directory, by other attributes than Keycloak's own guess. */
async function ldap(at: Hand): Promise<void> {
  const people = await at.post("/components", {
    ...{ name: "people", providerId: "ldap", providerType: "org.keycloak.storage.UserStorageProvider" },
    config: {
      ...{ enabled: ["false"], vendor: ["other"], connectionUrl: ["ldaps://ldap.example"], usersDn: ["ou=people"] },
      ...{ authType: ["simple"], bindDn: ["cn=keycloak"], bindCredential: [secretOfAll], editMode: ["READ_ONLY"] },
      ...{ usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"] },
      userObjectClasses: ["inetOrgPerson, organizationalPerson"],
    },
  });
  const mappers = await at.list(`/components?parent=${people}`);
  const email = named(mappers, "name", "email");
  const config = { ...(email["config"] as object), "ldap.attribute": ["mailAddress"] };
  await at.put(`/components/${email.id}`, { ...email, config });
  await at.del(`/components/${named(mappers, "name", "modify date").id}`);
}

/** What Keycloak's console sends of every new client, and Keycloak keeps. */
const inConsole = {
  ...{ secret: secretOfAll, adminUrl: "" },
  attributes: {
    "backchannel.logout.session.required": "true",
    "backchannel.logout.revoke.offline.tokens": "false",
    "oauth2.device.authorization.grant.enabled": "false",
    "oidc.ciba.grant.enabled": "false",
  },
};

/** Programs with secrets, one of which acts by itself; who may what; and a partner that signs in. */
async function programs(at: Hand): Promise<void> {
  await at.post("/roles", { name: "editor", description: "may write" });
  const staff = await at.post("/groups", { name: "staff", attributes: { floor: ["2"] } });
  await at.post(`/groups/${staff}/role-mappings/realm`, [await at.get("/roles/editor")]);
  await at.post(`/groups/${staff}/children`, { name: "night shift" });
  await at.post("/clients", { ...inConsole, clientId: "wiki", redirectUris: ["https://wiki.example/callback"] });
  const job = await at.post("/clients", { ...inConsole, clientId: "nightly", serviceAccountsEnabled: true });
  const account = await at.get(`/clients/${job}/service-account-user`);
  await at.post(`/users/${String(account["id"])}/role-mappings/realm`, [await at.get("/roles/editor")]);
  await at.post("/identity-provider/instances", {
    ...{ alias: "partner", providerId: "oidc", enabled: true, displayName: "Our partner" },
    config: {
      ...{
        authorizationUrl: "https://p.example/auth",
        tokenUrl: "https://p.example/token",
        issuer: "https://p.example",
      },
      ...{ clientId: "us", clientSecret: secretOfAll, syncMode: "FORCE" },
    },
  });
}
