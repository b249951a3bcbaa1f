import { z } from "zod";
import { duration, referenceSchema, slug } from "../core/index.ts";

const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** An issuer as OpenID Connect Discovery 1.0 section 2 has it: https (plain http on loopback only), no query, no fragment. */
export function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const safe = url.protocol === "https:" || (url.protocol === "http:" && loopback.has(url.hostname));
  return (
    safe && url.search === "" && url.hash === "" && url.username === "" && url.password === "" && !/[?#]/.test(text)
  );
}

const issuer = (description: string) =>
  z
    .string()
    .refine(isIssuer, "an https URL without query or fragment expected (plain http only on loopback)")
    .describe(description);

/** A yes or no; as text too, because a substituted value is always text. */
const flag = (description: string) =>
  z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]).describe(description);

/**
 * Claims that carry identity or belong to the protocol: importing one would let a customer's IdP write what the broker
 * takes from Keycloak alone (RFC 7519 section 4.1, OpenID Connect Core section 2, Keycloak's own).
 */
const reservedClaims = new Set(
  [
    "iss sub aud exp nbf iat jti typ azp sid nonce auth_time amr acr at_hash c_hash s_hash scope cnf act may_act",
    "client_id session_state realm_access resource_access allowed-origins identity_provider upstream_username",
    "preferred_username name given_name family_name middle_name nickname email email_verified",
  ].flatMap((line) => line.split(" ")),
);

const claim = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, "a claim name of letters, digits, dashes and underscores expected")
  .refine((name) => !reservedClaims.has(name), "this claim is the protocol's or Keycloak's own and cannot be imported");

const upstream = z.strictObject({
  id: slug("alias of the IdP in the realm; changing it makes every person a new one"),
  displayName: z.string().min(1).max(200).optional().describe("name on the login page; default: the id"),
  template: z.enum(["keycloak", "oidc"]).describe("keycloak: endpoints follow from the issuer; oidc: discovered"),
  issuer: issuer("issuer of the customer's IdP"),
  enabled: flag("false: nobody can log in through it").default(true),
  client: z.strictObject({
    id: z.string().min(1).max(255).describe("our client at the IdP"),
    secret: referenceSchema,
  }),
  claims: z
    .array(claim)
    .default([])
    .transform((claims) => [...new Set(claims)].sort())
    .describe("claims imported at each login and passed on to the broker"),
  recheck: z
    .enum(["required", "best-effort", "none"])
    .default("required")
    .describe("ask the IdP again at each refresh: no answer no token, passed over, or never"),
  scopes: z
    .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, "a scope (RFC 6749 section 3.3) expected"))
    .min(1)
    .optional()
    .describe("scopes asked of the IdP; default: openid profile email, and offline_access where recheck needs it"),
  trustEmail: flag("the IdP verifies the e-mail addresses it sends").default(false),
});

const organization = z.strictObject({
  id: slug("alias of the organization; cannot be changed later"),
  name: z.string().min(1).max(200).describe("name as people see it"),
  domains: z
    .array(
      z
        .string()
        .regex(
          /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/,
          "a domain in lower case expected",
        ),
    )
    .min(1)
    .describe("e-mail domains of the customer"),
  upstreams: z.array(z.string()).default([]).describe("ids of the upstreams that belong to it"),
});

const settings = z
  .strictObject({
    displayName: z.string().min(1).max(200).optional().describe("name of the realm; default: the realm"),
    accessTokenLifespan: duration("how long Keycloak's access tokens live").prefault("5m"),
    ssoSessionIdle: duration("a browser session ends after this long without use").prefault("30m"),
    ssoSessionMax: duration("a browser session ends after this long").prefault("10h"),
    offlineSessionIdle: duration("a login the broker keeps ends after this long without a refresh").prefault("30d"),
    offlineSessionMax: duration("a login the broker keeps ends after this long").prefault("60d"),
  })
  .describe("settings of the realm");

/** One document of `realms/*.yaml`. */
export const realmSchema = z.strictObject({
  kind: z.literal("Realm"),
  realm: slug("name of the realm"),
  keycloak: slug("name of a Keycloak in the environment file").default("main"),
  settings: settings.prefault({}),
  broker: z
    .strictObject({
      clientId: slug("client id of the broker in the realm").default("cloudpass"),
      issuer: issuer("issuer of the broker"),
    })
    .describe("the broker's own client"),
  organizations: z.array(organization).default([]).describe("customers"),
  upstreams: z.array(upstream).default([]).describe("the customers' identity providers"),
});

/** A document as it was written, defaults filled in. */
export type RealmDocument = z.output<typeof realmSchema>;
