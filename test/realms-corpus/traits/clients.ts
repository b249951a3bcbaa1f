import { clientId, type Fields, type Hand, scopeId } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

/** Makes a client with authorization services; answers its id. */
export const newApi = (at: Hand, client: string): Promise<string> =>
  at.post("/clients", {
    ...{ clientId: client, serviceAccountsEnabled: true, authorizationServicesEnabled: true, secret: "s3cret" },
  });

/** Traits of clients. */
export const clientTraits: readonly Recipe[] = [
  {
    name: "SAML client as Keycloak makes it",
    byHand: (at) => at.post("/clients", { clientId: "https://sp.example/", protocol: "saml" }),
  },
  {
    name: "SAML client with mappers",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "sp", protocol: "saml", baseUrl: "https://sp.example/" });
      const mapper = (name: string, protocolMapper: string, config: Fields) =>
        at.post(`/clients/${id}/protocol-mappers/models`, { name, protocol: "saml", protocolMapper, config });
      await mapper("mail", "saml-user-property-mapper", { "user.attribute": "email", "attribute.name": "mail" });
      await mapper("always", "saml-hardcode-attribute-mapper", { "attribute.name": "x", "attribute.value": "y" });
    },
  },
  {
    name: "client with a root URL and no redirects",
    byHand: (at) => at.post("/clients", { clientId: "desk", rootUrl: "https://desk.example", redirectUris: [] }),
  },
  {
    name: "client with everything set",
    byHand: (at) =>
      at.post("/clients", {
        ...{ clientId: "desk", name: "Desk", description: "Of ours", rootUrl: "https://desk.example" },
        ...{ baseUrl: "/in", adminUrl: "https://desk.example/k", redirectUris: ["/cb", "https://x.example/*"] },
        ...{ webOrigins: ["+", "https://x.example"], enabled: false, alwaysDisplayInConsole: true, secret: "s3cret" },
        ...{ consentRequired: true, frontchannelLogout: true, implicitFlowEnabled: true, notBefore: 5 },
        ...{ directAccessGrantsEnabled: true, standardFlowEnabled: false, surrogateAuthRequired: true },
        ...{ nodeReRegistrationTimeout: 7 },
        attributes: {
          ...{ "access.token.lifespan": "77", "pkce.code.challenge.method": "S256", "consent.screen.text": "Yes?" },
          ...{
            "display.on.consent.screen": "true",
            "post.logout.redirect.uris": "https://x.example/a##https://y.example",
          },
          ...{ "oauth2.device.authorization.grant.enabled": "true", "oidc.ciba.grant.enabled": "true" },
          ...{ "backchannel.logout.url": "https://desk.example/out", mine: "ours", login_theme: "keycloak.v2" },
          ...{ "client.use.lightweight.access.token.enabled": "true", "standard.token.exchange.enabled": "true" },
        },
      }),
  },
  {
    name: "clients a-b and a.b with secrets",
    byHand: async (at) => {
      await at.post("/clients", { clientId: "a-b", secret: "first secret" });
      await at.post("/clients", { clientId: "a.b", secret: "second secret" });
    },
  },
  {
    name: "bearer-only client",
    byHand: (at) => at.post("/clients", { clientId: "api", bearerOnly: true }),
  },
  {
    name: "client with mappers",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "desk", publicClient: true });
      const mapper = (name: string, protocolMapper: string, config: Fields) =>
        at.post(`/clients/${id}/protocol-mappers/models`, {
          ...{ name, protocol: "openid-connect", protocolMapper, config },
        });
      const everywhere = { "id.token.claim": "true", "access.token.claim": "true", "userinfo.token.claim": "true" };
      await mapper("floor/of them", "oidc-usermodel-attribute-mapper", {
        ...{ ...everywhere, "user.attribute": "floor", "claim.name": "a\\.b.c", "jsonType.label": "String" },
      });
      await mapper("for api", "oidc-audience-mapper", { "included.custom.audience": "api", "id.token.claim": "false" });
      await mapper("roles", "oidc-usermodel-client-role-mapper", {
        ...{
          ...everywhere,
          "claim.name": "roles",
          "usermodel.clientRoleMapping.clientId": "desk",
          multivalued: "true",
        },
      });
      await mapper("constructor", "oidc-hardcoded-claim-mapper", {
        ...{ ...everywhere, "claim.name": "x", "claim.value": '{"a": 1}', "jsonType.label": "JSON" },
      });
    },
  },
  {
    name: "client without full scope",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      const id = await at.post("/clients", { clientId: "desk", publicClient: true, fullScopeAllowed: false });
      await at.post(`/clients/${id}/scope-mappings/realm`, [await at.get("/roles/r")]);
    },
  },
  {
    name: "client without full scope, with roles of another client",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "desk", publicClient: true, fullScopeAllowed: false });
      const account = await clientId(at, "account");
      const view = await at.get(`/clients/${account}/roles/view-profile`);
      await at.post(`/clients/${id}/scope-mappings/clients/${account}`, [view]);
    },
  },
  {
    name: "client scope with roles",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      const id = await at.post("/clients", { clientId: "api", publicClient: true });
      await at.post(`/clients/${id}/roles`, { name: "view" });
      const scope = await at.post("/client-scopes", { name: "team", protocol: "openid-connect", description: "Ours" });
      await at.post(`/client-scopes/${scope}/scope-mappings/realm`, [await at.get("/roles/r")]);
      const view = await at.get(`/clients/${id}/roles/view`);
      await at.post(`/client-scopes/${scope}/scope-mappings/clients/${id}`, [view]);
    },
  },
  {
    name: "client scope for every new client",
    byHand: async (at) => {
      const attributes = { "consent.screen.text": "Team", "gui.order": "3", "include.in.token.scope": "false" };
      const scope = await at.post("/client-scopes", { name: "team", protocol: "openid-connect", attributes });
      await at.put(`/default-optional-client-scopes/${scope}`, {});
    },
  },
  {
    name: "built-in scope with a mapper changed, one gone and one more",
    byHand: async (at) => {
      const path = `/client-scopes/${await scopeId(at, "profile")}/protocol-mappers/models`;
      const [first, second] = (await at.list(path)).sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
      const config = { ...(first?.["config"] as Fields), "claim.name": "changed" };
      await at.put(`${path}/${String(first?.["id"])}`, { ...first, config });
      await at.del(`${path}/${String(second?.["id"])}`);
      const mine = { name: "mine", protocol: "openid-connect", protocolMapper: "oidc-hardcoded-claim-mapper" };
      await at.post(path, { ...mine, config: { "claim.name": "mine", "claim.value": "1" } });
    },
  },
  {
    name: "a built-in scope deleted",
    byHand: async (at) => at.del(`/client-scopes/${await scopeId(at, "phone")}`),
  },
  {
    name: "client that lacks default scopes",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "desk", publicClient: true });
      await at.del(`/clients/${id}/default-client-scopes/${await scopeId(at, "acr")}`);
      await at.del(`/clients/${id}/default-client-scopes/${await scopeId(at, "roles")}`);
    },
  },
  {
    name: "built-in client that lacks a default scope",
    byHand: async (at) =>
      at.del(`/clients/${await clientId(at, "account")}/default-client-scopes/${await scopeId(at, "acr")}`),
  },
  {
    name: "default scope taken out",
    byHand: async (at) => at.del(`/default-default-client-scopes/${await scopeId(at, "roles")}`),
  },
  {
    name: "client with authorization services",
    byHand: async (at) => {
      const id = await newApi(at, "api");
      await at.post(`/clients/${id}/authz/resource-server/scope`, { name: "view" });
      await at.post(`/clients/${id}/authz/resource-server/resource`, { name: "album", uris: ["/albums/*"] });
    },
  },
  {
    name: "authorization services with policies and permissions",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      const group = await at.post("/groups", { name: "staff" });
      const id = await newApi(at, "api");
      const server = `/clients/${id}/authz/resource-server`;
      await at.change(server, { policyEnforcementMode: "PERMISSIVE", decisionStrategy: "AFFIRMATIVE" });
      const view = await at.post(`${server}/scope`, { name: "view", displayName: "See", iconUri: "/eye.png" });
      const album = { name: "album/of ours", displayName: "Album", type: "urn:album", uris: ["/a/*", "/b"] };
      await at.post(`${server}/resource`, { ...album, scopes: [{ name: "view" }], attributes: { a: ["1", "2"] } });
      const role = (await at.get("/roles/r"))["id"];
      const policy = (type: string, fields: Fields) => at.post(`${server}/policy/${type}`, { type, ...fields });
      await policy("role", { name: "those with r", logic: "POSITIVE", roles: [{ id: role, required: true }] });
      await policy("group", { name: "staff", logic: "NEGATIVE", groups: [{ id: group, extendChildren: true }] });
      await policy("client", { name: "by api", clients: [id] });
      await policy("time", { name: "office hours", hour: 8, hourEnd: 18 });
      const both = { name: "both", decisionStrategy: "UNANIMOUS", policies: ["those with r", "staff"] };
      await policy("aggregate", both);
      await at.post(`${server}/permission/scope`, {
        ...{ name: "may view", type: "scope", scopes: [view], policies: ["both"], decisionStrategy: "CONSENSUS" },
      });
      const resource = { name: "may all", type: "resource", resources: ["album/of ours"], policies: ["by api"] };
      await at.post(`${server}/permission/resource`, resource);
    },
  },
  {
    name: "service account with roles and a group",
    byHand: async (at) => {
      await at.post("/roles", { name: "robot" });
      const group = await at.post("/groups", { name: "machines" });
      const id = await at.post("/clients", { clientId: "robot", serviceAccountsEnabled: true, secret: "s3cret" });
      const user = String((await at.get(`/clients/${id}/service-account-user`))["id"]);
      await at.post(`/users/${user}/role-mappings/realm`, [await at.get("/roles/robot")]);
      await at.put(`/users/${user}/groups/${group}`, {});
      await at.change(`/users/${user}`, { attributes: { floor: ["2"] } });
    },
  },
  {
    name: "service account that administers the realm and lacks the default role",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "robot", serviceAccountsEnabled: true, secret: "s3cret" });
      const user = String((await at.get(`/clients/${id}/service-account-user`))["id"]);
      const management = await clientId(at, "realm-management");
      const roles = [await at.get(`/clients/${management}/roles/manage-users`)];
      await at.post(`/users/${user}/role-mappings/clients/${management}`, roles);
      await at.del(`/users/${user}/role-mappings/realm`, [await at.get(`/roles/default-roles-${at.realm}`)]);
    },
  },
  {
    name: "client called realm with a role of a realm role's name",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      const id = await at.post("/clients", { clientId: "realm", publicClient: true });
      await at.post(`/clients/${id}/roles`, { name: "r" });
      const group = await at.post("/groups", { name: "staff" });
      const role = await at.get(`/clients/${id}/roles/r`);
      await at.post(`/groups/${group}/role-mappings/clients/${id}`, [role]);
    },
  },
  {
    name: "built-in client changed",
    byHand: async (at) =>
      at.change(`/clients/${await clientId(at, "account-console")}`, { name: "Mine", enabled: false }),
  },
];
