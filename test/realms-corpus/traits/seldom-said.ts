import type { Fields } from "../hand.ts";
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
