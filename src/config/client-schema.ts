import { z } from "zod";
import { referenceSchema, slug } from "../yaml/index.ts";

const address = (description: string) =>
  z.url({ protocol: /^https?$/, error: "an http(s) address expected" }).describe(description);

/** With a scheme of the program's own, too: a domain name in reverse, so never without a dot (RFC 8252 sections 7.1, 8.4). */
const redirectAddress = z
  .url({
    protocol: /^(https?|[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+)$/,
    error: "an http(s) address, or one with a private scheme such as com.example.app:/callback, expected",
  })
  .describe("redirect address");

const grants = ["authorization-code", "device", "refresh", "exchange", "client-credentials"] as const;

/** One entry of `clients` in `broker.yaml`: a program besides the targets and the `cloudpass` command. */
export const clientSchema = z.strictObject({
  id: slug("client id"),
  name: z.string().min(1).max(64).describe("shown on the confirmation page"),
  scopes: z
    .array(z.string())
    .default(["openid", "profile", "email", "groups", "offline_access"])
    .describe("scopes it may ask for"),
  grants: z.array(z.enum(grants)).min(1).default(["device", "refresh"]).describe("ways by which it may get tokens"),
  redirectUris: z
    .array(redirectAddress)
    .default([])
    .describe(
      "where the authorization code may be sent: https, http on loopback, or a private scheme such as com.example.app:/callback; compared byte for byte, only a loopback port may differ",
    ),
  postLogoutRedirectUris: z.array(address("address")).default([]).describe("where a browser may go after signing out"),
  backchannelLogoutUri: address("told when a login of this client ends").optional(),
  secret: referenceSchema.optional().describe("where its secret is: client_secret_basic or client_secret_post"),
  jwks: z
    .string()
    .min(1)
    .optional()
    .describe("file with its public keys (JWKS): private_key_jwt; relative to this file"),
  profile: z
    .enum(["fapi2"])
    .optional()
    .describe(
      "fapi2: FAPI 2.0 Security Profile. The client must push its requests (PAR), prove itself by assertions for the issuer alone, signed with PS256, ES256 or EdDSA, and have each token bound to a key of its own (DPoP)",
    ),
  dpop: z
    .enum(["required", "optional"])
    .default("optional")
    .describe("whether its tokens must be bound to a key of its own (RFC 9449)"),
  pkce: z
    .enum(["required", "optional", "allow-insecure"])
    .default("required")
    .describe(
      "for a client that proves itself and cannot do PKCE. optional: a nonce in its place (with the scope openid). allow-insecure: neither, as OpenID Connect Core allows and its public conformance test wants; then only the client can notice a code that was slipped in",
    ),
  consent: z
    .enum(["ask", "remember"])
    .default("ask")
    .describe(
      "for a client that proves itself. remember: as long as a login that the person confirmed for it lives, the next one with no more scope and for the same target is not asked about, and prompt=none succeeds",
    ),
  deviceOrigin: z
    .enum(["challenge", "deny", "allow-insecure"])
    .default("challenge")
    .describe("what happens when a device login is confirmed from another network than it was started from"),
  target: slug(
    "the one cloud or cluster that it gets tokens for, as that target's own client does; for one with a secret",
  ).optional(),
  targets: z
    .array(slug("target"))
    .default([])
    .describe("clouds and clusters that it may exchange a person's token for"),
  introspects: z
    .array(slug("target"))
    .default([])
    .describe("clouds and clusters that it stands for: it may ask whether their tokens are good (/introspect)"),
  machine: z
    .strictObject({
      tenant: slug("customer it belongs to"),
      upstream: slug("name that the policy's people use as `from`; one of the tenant's upstreams"),
      claims: z.record(z.string(), z.unknown()).default({}).describe("claims that the policy judges"),
    })
    .optional()
    .describe("a robot of a customer: it logs in by itself (client-credentials)"),
});

/** One client of the configuration, with its secret still behind a reference. */
export type RawClient = z.output<typeof clientSchema>;
