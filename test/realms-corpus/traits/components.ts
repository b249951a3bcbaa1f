import { named } from "../hand.ts";
import type { Recipe } from "../recipe.ts";

const userStorage = "org.keycloak.storage.UserStorageProvider";
const keys = "org.keycloak.keys.KeyProvider";
const mustMatch = { "host-sending-registration-request-must-match": ["true"], "client-uris-must-match": ["true"] };
const ldap = {
  name: "people",
  providerId: "ldap",
  providerType: userStorage,
  config: {
    ...{ vendor: ["other"], connectionUrl: ["ldap://ldap.example:389"], enabled: ["true"], priority: ["0"] },
    ...{ usernameLDAPAttribute: ["uid"], rdnLDAPAttribute: ["uid"], uuidLDAPAttribute: ["entryUUID"] },
    ...{ userObjectClasses: ["inetOrgPerson, organizationalPerson"], usersDn: ["ou=people,dc=example"] },
    ...{ authType: ["simple"], bindDn: ["cn=admin"], bindCredential: ["kept by hand"], editMode: ["READ_ONLY"] },
    ...{ searchScope: ["1"], importEnabled: ["true"], syncRegistrations: ["false"], pagination: ["true"] },
  },
};

/** Traits of components: user federation, keys, registration policies. */
export const componentTraits: readonly Recipe[] = [
  { name: "LDAP", byHand: (at) => at.post("/components", ldap) },
  {
    name: "LDAP with its mappers changed and deleted",
    byHand: async (at) => {
      const parent = await at.post("/components", ldap);
      const mappers = await at.list(`/components?parent=${parent}`);
      const [name, mail] = [named(mappers, "name", "last name"), named(mappers, "name", "email")];
      await at.del(`/components/${name.id}`);
      const config = { ...(mail["config"] as object), "ldap.attribute": ["mailAddress"] };
      await at.put(`/components/${mail.id}`, { ...mail, config });
    },
  },
  {
    name: "component with several values and a slash in its name",
    byHand: (at) =>
      at.post("/components", {
        ...{ name: "hosts/of ours", providerId: "trusted-hosts", subType: "anonymous" },
        providerType: "org.keycloak.services.clientregistration.policy.ClientRegistrationPolicy",
        config: {
          "trusted-hosts": ["b.example", "a.example"],
          ...mustMatch,
        },
      }),
  },
  {
    name: "a key provider deleted",
    byHand: async (at) => {
      const found = named(await at.list(`/components?type=${keys}`), "name", "rsa-enc-generated");
      await at.del(`/components/${found.id}`);
    },
  },
  {
    name: "two key providers of one name",
    byHand: async (at) => {
      for (const priority of ["5", "6"]) {
        const config = { priority: [priority], secretSize: ["16"] };
        await at.post("/components", { name: "quick", providerId: "aes-generated", providerType: keys, config });
      }
    },
  },
  {
    name: "ES256 keys",
    byHand: (at) =>
      at.post("/components", {
        ...{ name: "es", providerId: "ecdsa-generated", providerType: keys },
        config: { priority: ["200"], ecdsaEllipticCurveKey: ["P-256"] },
      }),
  },
  {
    name: "registration policy changed",
    byHand: async (at) => {
      const found = named(await at.list("/components"), "name", "Max Clients Limit");
      await at.put(`/components/${found.id}`, { ...found, config: { "max-clients": ["7"] } });
    },
  },
];
