import { ok, seconds } from "../../core/index.ts";
import { json, type Reply, type Route } from "../../http/index.ts";
import { scopes } from "../clients/registry.ts";
import type { IssuerDeps } from "../deps.ts";
import { supportedGrantTypes } from "../grants/token-endpoint.ts";

/**
 * JWKS may be kept this long. kube-apiserver refuses a new key until `max-age` - 30 s have passed and never looks again
 * before, so it is short; without it every unknown `kid` would cost us a request.
 */
const jwksMaxAge = seconds(60);
const metadataMaxAge = seconds(300);

/** Discovery documents and keys: rendered once, readable from anywhere. They list exactly what works. */
export function discoveryRoutes(deps: Pick<IssuerDeps, "issuer" | "keys">): Route[] {
  const metadata: Reply = json(metadataOf(deps.issuer));
  const route = (path: string, maxAge: typeof jwksMaxAge, reply: () => Reply): Route => ({
    method: "GET",
    path,
    tongue: "oauth",
    public: { maxAge },
    handle: () => ok(reply()),
  });
  return [
    route("/.well-known/openid-configuration", metadataMaxAge, () => metadata),
    route("/.well-known/oauth-authorization-server", metadataMaxAge, () => metadata),
    route("/jwks", jwksMaxAge, () => json(deps.keys().jwks)),
  ];
}

/** Metadata by OpenID Connect Discovery 1.0 and RFC 8414. */
export const metadataOf = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/jwks`,
  token_endpoint: `${issuer}/token`,
  device_authorization_endpoint: `${issuer}/device_authorization`,
  revocation_endpoint: `${issuer}/revoke`,
  grant_types_supported: supportedGrantTypes,
  response_types_supported: [],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["ES256"],
  token_endpoint_auth_methods_supported: ["none"],
  revocation_endpoint_auth_methods_supported: ["none"],
  code_challenge_methods_supported: ["S256"],
  scopes_supported: Object.keys(scopes),
  claims_supported: [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "sid",
    "auth_time",
    "amr",
    "acr",
    "tenant",
    "groups",
    "preferred_username",
    "name",
    "email",
    "email_verified",
  ],
});
