import { clientId, scopeId } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

/** Traits of clients. */
export const clientTraits: readonly Recipe[] = [
  {
    name: "SAML client as Keycloak makes it",
    byHand: (at) => at.post("/clients", { clientId: "https://sp.example/", protocol: "saml" }),
  },
  {
    name: "client with a root URL and no redirects",
    byHand: (at) => at.post("/clients", { clientId: "desk", rootUrl: "https://desk.example", redirectUris: [] }),
  },
  {
    name: "clients a-b and a.b with secrets",
    byHand: async (at) => {
      await at.post("/clients", { clientId: "a-b", secret: "first secret" });
      await at.post("/clients", { clientId: "a.b", secret: "second secret" });
    },
  },
  {
    name: "client id with blanks",
    byHand: (at) => at.post("/clients", { clientId: "a desk of ours", publicClient: true }),
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
    name: "client that lacks default scopes",
    byHand: async (at) => {
      const id = await at.post("/clients", { clientId: "desk", publicClient: true });
      await at.del(`/clients/${id}/default-client-scopes/${await scopeId(at, "acr")}`);
      await at.del(`/clients/${id}/default-client-scopes/${await scopeId(at, "roles")}`);
    },
  },
  {
    name: "default scope taken out",
    byHand: async (at) => at.del(`/default-default-client-scopes/${await scopeId(at, "roles")}`),
  },
  {
    name: "client with authorization services",
    byHand: async (at) => {
      const fields = { clientId: "api", serviceAccountsEnabled: true, authorizationServicesEnabled: true };
      const id = await at.post("/clients", { ...fields, secret: "s3cret" });
      await at.post(`/clients/${id}/authz/resource-server/scope`, { name: "view" });
      await at.post(`/clients/${id}/authz/resource-server/resource`, { name: "album", uris: ["/albums/*"] });
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
