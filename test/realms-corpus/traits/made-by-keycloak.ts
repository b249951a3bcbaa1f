import { clientId, type Hand, named, scopeId } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

/** Traits of what Keycloak makes by itself, and somebody has changed or taken away. */
export const madeByKeycloak: readonly Recipe[] = [
  { name: "name in capitals", realm: "CorpusInCapitals" },
  { name: "fine-grained permissions switched on", with: { adminPermissionsEnabled: true } },
  {
    name: "a mapper of a built-in scope deleted, and one changed",
    byHand: async (at) => {
      const mappers = `/client-scopes/${await scopeId(at, "profile")}/protocol-mappers/models`;
      await at.del(`${mappers}/${await idOf(at, mappers, "nickname")}`);
      const zone = await idOf(at, mappers, "zoneinfo");
      const read = await at.get(`${mappers}/${zone}`);
      await at.put(`${mappers}/${zone}`, { ...read, config: { ...(read["config"] as object), "claim.name": "zone" } });
    },
  },
  {
    name: "built-in roles deleted and changed",
    byHand: async (at) => {
      await at.del("/roles/uma_authorization");
      await at.put("/roles/offline_access", { name: "offline_access", description: "Stays signed in" });
      await at.del(`/clients/${await clientId(at, "account")}/roles/delete-account`);
    },
  },
  {
    name: "built-in keys and policies deleted and changed",
    byHand: async (at) => {
      await at.del(`/components/${await idOf(at, "/components", "aes-generated")}`);
      await at.del(`/components/${await idOf(at, "/components", "Consent Required")}`);
      const id = await idOf(at, "/components", "rsa-generated");
      const read = await at.get(`/components/${id}`);
      await at.put(`/components/${id}`, { ...read, config: { ...(read["config"] as object), priority: ["7"] } });
    },
  },
  {
    name: "a directory without some of its mappers",
    byHand: async (at) => {
      const id = await at.post("/components", {
        ...{ name: "people", providerId: "ldap", providerType: "org.keycloak.storage.UserStorageProvider" },
        config: {
          ...{ enabled: ["false"], vendor: ["ad"], connectionUrl: ["ldap://127.0.0.1:1"], usersDn: ["ou=p"] },
          ...{ authType: ["none"], editMode: ["READ_ONLY"], usernameLDAPAttribute: ["uid"] },
          ...{ rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"], userObjectClasses: ["person"] },
        },
      });
      for (const name of ["last name", "MSAD account controls"]) {
        await at.del(`/components/${await idOf(at, `/components?parent=${id}`, name)}`);
      }
    },
  },
];

const idOf = async (at: Hand, path: string, name: string): Promise<string> =>
  named(await at.list(path), "name", name).id;
