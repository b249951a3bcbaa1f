import { clientId, type Fields } from "../hand.ts";
import type { Recipe } from "../recipe.ts";
import { newApi } from "./clients.ts";
import { newProvider } from "./identity-providers.ts";

/** Traits that say fields which few realms say, so that each field is seen with several values. */
export const seldomSaid: readonly Recipe[] = [
  {
    name: "credentials that are asked of people",
    with: { requiredCredentials: ["password", "otp"] },
  },
  {
    name: "client of a type",
    byHand: (at) => at.post("/clients", { clientId: "desk", publicClient: true, type: "till" }),
  },
  {
    name: "IdP to which everybody is sent",
    byHand: async (at) => {
      await newProvider(at, "acme", { authenticateByDefault: true });
      await newProvider(at, "other");
    },
  },
  {
    name: "authorization services that resources are not added to from outside",
    byHand: async (at) => {
      const server = `/clients/${await newApi(at, "api")}/authz/resource-server`;
      await at.change(server, { allowRemoteResourceManagement: false });
      await at.post(`${server}/scope`, { name: "edit" });
      const album = { name: "album", icon_uri: "/album.png", ownerManagedAccess: true, uris: ["/album"] };
      await at.post(`${server}/resource`, album);
      const time = { type: "time", name: "office hours", description: "When somebody is there", hour: 8, hourEnd: 18 };
      await at.post(`${server}/policy/time`, time);
    },
  },
  {
    name: "organization with groups in groups, and their roles",
    with: { organizationsEnabled: true },
    byHand: async (at) => {
      await at.post("/roles", { name: "seller" });
      await at.post("/groups", { name: "sales" });
      const id = await at.post("/organizations", { name: "Acme", alias: "acme", domains: [{ name: "acme.example" }] });
      const groups = `/organizations/${id}/groups`;
      const sales = await at.post(groups, { name: "sales", description: "Those who sell" });
      await at.post(`${groups}/${sales}/role-mappings/realm`, [await at.get("/roles/seller")]);
      const night = await at.post(`${groups}/${sales}/children`, { name: "night / day" });
      await at.change(`${groups}/${night}`, { description: "At night", attributes: { floor: ["1", "2"] } });
      const account = await clientId(at, "account");
      const view = await at.get(`/clients/${account}/roles/view-consent`);
      await at.post(`${groups}/${night}/role-mappings/clients/${account}`, [view]);
      await at.post(`${groups}/${night}/children`, { name: "sales" });
    },
  },
  {
    name: "two client profiles",
    byHand: (at) => {
      const profile = (name: string, ...executors: readonly Fields[]) => ({ name, description: "", executors });
      const pkce = { executor: "pkce-enforcer", configuration: { "auto-configure": false } };
      const secret = { executor: "confidential-client", configuration: {} };
      return at.put("/client-policies/profiles", {
        profiles: [profile("with PKCE", pkce), profile("with a secret", secret), profile("nothing")],
      });
    },
  },
];
