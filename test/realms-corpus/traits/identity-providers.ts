import type { Fields, Hand } from "../hand.ts";
import type { Recipe } from "../recipe.ts";
import { addStep, newFlow } from "./flows.ts";

const urls = { authorizationUrl: "https://acme.example/a", tokenUrl: "https://acme.example/t" };

/** Makes an identity provider. */
export const newProvider = (at: Hand, alias: string, fields: Fields = {}) =>
  at.post("/identity-provider/instances", {
    ...{ alias, providerId: "oidc", enabled: true },
    config: { ...urls, clientId: "us", clientSecret: "kept by hand", clientAuthMethod: "client_secret_post" },
    ...fields,
  });

/** Traits of identity providers and organizations. */
export const providerTraits: readonly Recipe[] = [
  { name: "IdP", byHand: (at) => newProvider(at, "acme") },
  {
    name: "IdP alias with a blank and an umlaut",
    with: {
      identityProviders: [
        { alias: "acme für alle", providerId: "oidc", enabled: true, config: { ...urls, clientId: "us" } },
      ],
    },
  },
  {
    name: "IdP with everything set",
    byHand: (at) =>
      newProvider(at, "acme", {
        ...{ displayName: "Acme", trustEmail: true, storeToken: true, addReadTokenRoleOnCreate: true, linkOnly: true },
        ...{ hideOnLogin: true, authenticateByDefault: false, firstBrokerLoginFlowAlias: "first broker login" },
      }),
  },
  {
    name: "IdP with mappers",
    byHand: async (at) => {
      await at.post("/roles", { name: "r" });
      await newProvider(at, "acme");
      const mapper = (name: string, identityProviderMapper: string, config: Fields) =>
        at.post("/identity-provider/instances/acme/mappers", {
          ...{ name, identityProviderAlias: "acme", identityProviderMapper },
          config: { syncMode: "INHERIT", ...config },
        });
      await mapper("mail/of theirs", "oidc-user-attribute-idp-mapper", { claim: "mail", "user.attribute": "email" });
      await mapper("r for all", "oidc-hardcoded-role-idp-mapper", { role: "r" });
      await mapper("by claims", "oidc-advanced-role-idp-mapper", {
        ...{ claims: JSON.stringify([{ key: "https://acme.example/roles", value: "x" }]), role: "r" },
        "are.claim.values.regex": "false",
      });
    },
  },
  {
    name: "SAML IdP",
    byHand: (at) =>
      newProvider(at, "sam", {
        providerId: "saml",
        config: {
          ...{ entityId: "https://us.example", singleSignOnServiceUrl: "https://sam.example/sso" },
          ...{ nameIDPolicyFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent", validateSignature: "false" },
        },
      }),
  },
  {
    name: "social IdPs",
    byHand: async (at) => {
      for (const providerId of ["google", "github", "microsoft"]) {
        const config = { clientId: "us", clientSecret: "kept by hand" };
        await newProvider(at, providerId, { providerId, config });
      }
    },
  },
  { name: "organizations without any", with: { organizationsEnabled: true } },
  {
    name: "organization without a domain",
    with: { organizationsEnabled: true },
    byHand: (at) => at.post("/organizations", { name: "Acme", alias: "acme" }),
  },
  {
    name: "organization with a verified domain",
    with: { organizationsEnabled: true },
    byHand: (at) =>
      at.post("/organizations", { name: "Acme", alias: "acme", domains: [{ name: "acme.example", verified: true }] }),
  },
  {
    name: "organization with groups",
    with: { organizationsEnabled: true },
    byHand: async (at) => {
      const id = await at.post("/organizations", { name: "Acme", alias: "acme", domains: [{ name: "acme.example" }] });
      await at.post(`/organizations/${id}/groups`, { name: "sales", attributes: { floor: ["2"] } });
    },
  },
  {
    name: "IdP with flows of ours",
    byHand: async (at) => {
      await at.post("/authentication/flows/first%20broker%20login/copy", { newName: "first login of ours" });
      await newFlow(at, "after login");
      await addStep(at, "after login", "allow-access-authenticator");
      const flows = { firstBrokerLoginFlowAlias: "first login of ours", postBrokerLoginFlowAlias: "after login" };
      await newProvider(at, "acme", flows);
    },
  },
  {
    name: "organization with everything and an IdP",
    with: { organizationsEnabled: true },
    byHand: async (at) => {
      await newProvider(at, "acme", { config: { ...urls, clientId: "us", "kc.org.domain": "acme.example" } });
      const id = await at.post("/organizations", {
        ...{ name: "Acme & Söhne", alias: "acme", description: "Those", redirectUrl: "https://acme.example/" },
        ...{ enabled: false, attributes: { tier: ["gold", "blue"] } },
        domains: [{ name: "acme.example" }, { name: "acme.test" }],
      });
      await at.post(`/organizations/${id}/identity-providers`, "acme");
    },
  },
];
