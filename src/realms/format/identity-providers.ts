import { z } from "zod";
import { asciiLower, composed, type IdentityProviderAlias } from "../../core/index.ts";
import { referenceSchema, slug } from "../../yaml/index.ts";
import { claims } from "./claims.ts";
import { identityProviderMapper } from "./mappers.ts";
import { address, aliasName, config, flag, freeName, issuer, raw } from "./vocabulary.ts";

/**
 * Words that stand for something else wherever an alias may stand: the realm's own accounts, any provider (Keycloak's word
 * for all domains), none.
 */
const reserved = new Set(["realm", "any", "all", "none", "self", "broker", "cloudpass"]);

const isFree = (id: string): boolean => !reserved.has(asciiLower(id));
const taken = "this word has a meaning of its own: choose another alias";

const alias = slug("alias of the IdP in the realm; changing it makes every person a new one")
  .refine(isFree, taken)
  .transform((id) => id as IdentityProviderAlias);

/** What every identity provider has, whatever its template. */
const shared = {
  id: alias,
  displayName: z.string().min(1).max(255).optional().describe("name on the login page; default: the id"),
  enabled: flag("false: nobody can log in through it").default(true),
  stage: z
    .enum(["draft", "testing", "active", "suspended"])
    .default("active")
    .describe("draft and suspended: off; testing: named testers only; active: everybody of the customer"),
  testers: z
    .array(
      z
        .string()
        .min(1)
        .max(255)
        .transform((name) => asciiLower(composed(name))),
    )
    .default([])
    .describe("who may log in while testing: user names as the IdP gives them, or e-mail addresses that it verified"),
  claims,
  trustEmail: flag("the IdP verifies the e-mail addresses it sends").default(false),
  mappers: z
    .record(freeName, identityProviderMapper)
    .default({})
    .describe("what else its answer does, by the mapper's name"),
  flows: z
    .strictObject({
      firstLogin: freeName.optional().describe("default: ours, which never links to an account that exists"),
      postLogin: freeName.optional().describe("run after each login"),
    })
    .default({})
    .describe("flows by alias"),
  raw,
};

const client = z.strictObject({
  id: z.string().min(1).max(255).describe("our client at the IdP"),
  secret: referenceSchema,
  expires: z.iso
    .date("a day like 2027-01-31 expected")
    .optional()
    .describe("last day of the secret, if it has one; `cloudpass idp list` tells before it"),
});

const recheckOf = (fallback: "required" | "best-effort" | "none") =>
  z
    .enum(["required", "best-effort", "none"])
    .default(fallback)
    .describe("ask the IdP again at each refresh: no answer no token, passed over, or never");

const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, "a scope (RFC 6749 section 3.3) expected"))
  .min(1)
  .optional()
  .describe("scopes asked of the IdP; default: openid profile email, and offline_access where recheck needs it");

const openId = { ...shared, client, scopes, recheck: recheckOf("required") };

/** Blanks go first: a pattern that allows them at three places tries every way to share them out. */
const bare = (pem: string): string =>
  pem.replace(/\s/g, "").replace(/^-----BEGINCERTIFICATE-----|-----ENDCERTIFICATE-----$/g, "");

const certificate = z
  .string()
  .transform(bare)
  .refine((base64) => /^[A-Za-z0-9+/=]{100,}$/.test(base64), "a certificate in PEM or base64 expected");

/** One customer's identity provider, as it is written; its template says which keys there are. */
export const identityProvider = z.discriminatedUnion("template", [
  z.strictObject({
    template: z.literal("keycloak").describe("a Keycloak: endpoints follow from the issuer"),
    issuer: issuer("issuer of the customer's IdP"),
    ...openId,
  }),
  z.strictObject({
    template: z.literal("oidc").describe("any OpenID Provider: endpoints are discovered"),
    issuer: issuer("issuer of the customer's IdP"),
    ...openId,
  }),
  z.strictObject({
    template: z.literal("adfs").describe("Active Directory Federation Services: endpoints are discovered"),
    issuer: issuer("issuer, such as https://adfs.example/adfs"),
    ...openId,
    recheck: recheckOf("best-effort"),
  }),
  z.strictObject({
    template: z.literal("entra").describe("Microsoft Entra ID, one tenant"),
    tenant: z
      .string()
      // `common` and `organizations` would let every Microsoft account in the world log in.
      .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "the tenant's id (a UUID in lower case) expected")
      .describe("id of the customer's tenant; never common or organizations"),
    ...openId,
    recheck: recheckOf("best-effort"),
  }),
  z.strictObject({
    template: z.literal("google").describe("Google Workspace, one domain"),
    hostedDomain: z
      .string()
      .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, "a domain in lower case expected")
      .describe("the customer's domain: without it every Google account in the world could log in"),
    ...openId,
    recheck: recheckOf("best-effort"),
  }),
  z.strictObject({
    template: z.literal("saml").describe("a SAML 2.0 identity provider"),
    entityId: z.string().min(1).max(1024).describe("entity id of the IdP"),
    singleSignOn: address("where logins are sent"),
    singleLogout: address("where sign-outs are sent").optional(),
    certificates: z
      .array(certificate)
      .min(1, "at least one certificate expected")
      .describe("certificates it signs with; two while it changes them"),
    ownEntityId: z.string().min(1).max(1024).optional().describe("our entity id; default: the realm's URL"),
    nameId: z
      .enum(["persistent", "unspecified", "email"])
      .default("persistent")
      .describe("kind of name it sends; a transient one would make a new person at each login"),
    binding: z.enum(["post", "redirect"]).default("post").describe("how logins are sent"),
    signRequests: flag("our requests are signed").default(true),
    encryptedAssertions: flag("its assertions must be encrypted for us").default(false),
    ...shared,
    // SAML has no token with which one could ask again.
    recheck: z.literal("none").default("none").describe("a SAML IdP cannot be asked again"),
  }),
  z.strictObject({
    ...shared,
    id: aliasName("alias of the IdP in the realm")
      .refine(isFree, taken)
      .transform((id) => id as IdentityProviderAlias),
    template: z.literal("custom").describe("anything else Keycloak brokers; nothing is added to what stands here"),
    provider: freeName.describe("provider id, such as github or oidc"),
    issuer: issuer("issuer, if it has one that the broker can ask").optional(),
    config: config("Keycloak's configuration of it, without secrets").default({}),
    secrets: z.record(freeName, referenceSchema).default({}).describe("secrets of the configuration, by their name"),
    recheck: recheckOf("none"),
  }),
]);

/** Nothing is said of it that the broker would look at: a realm without a broker may call it as another realm calls one. */
export const isKeycloaksOnly = (
  u: Pick<z.output<typeof identityProvider>, "template" | "stage" | "recheck" | "claims">,
): boolean => u.template === "custom" && u.stage === "active" && u.recheck === "none" && u.claims.length === 0;
