import { proofAlgorithms } from "../../http/index.ts";
import { assertionAlgorithms } from "../clients/assertion.ts";
import { scopeNames } from "../clients/registry.ts";
import { supportedGrantTypes } from "../endpoints/token.ts";

const publicMethods = ["none"];
const provingMethods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

/** Ways by which a client names or proves itself at an endpoint, and the algorithms of its assertions (RFC 8414 section 2). */
const authenticationAt = (endpoint: string, methods: readonly string[]) => ({
  [`${endpoint}_endpoint_auth_methods_supported`]: methods,
  [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: assertionAlgorithms,
});

/** Metadata by OpenID Connect Discovery 1.0 and RFC 8414. */
export const metadataOf = (issuer: string) => ({
  issuer,
  jwks_uri: `${issuer}/jwks`,
  authorization_endpoint: `${issuer}/authorize`,
  pushed_authorization_request_endpoint: `${issuer}/par`,
  token_endpoint: `${issuer}/token`,
  device_authorization_endpoint: `${issuer}/device_authorization`,
  userinfo_endpoint: `${issuer}/userinfo`,
  introspection_endpoint: `${issuer}/introspect`,
  revocation_endpoint: `${issuer}/revoke`,
  end_session_endpoint: `${issuer}/end_session`,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  grant_types_supported: supportedGrantTypes,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  authorization_response_iss_parameter_supported: true,
  prompt_values_supported: ["none", "login", "consent", "select_account"],
  request_parameter_supported: false,
  // Left out it would mean true (OpenID Connect Discovery section 3); a pushed reference works all the same (RFC 9126).
  request_uri_parameter_supported: false,
  claims_parameter_supported: false,
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["ES256"],
  ...authenticationAt("token", [...publicMethods, ...provingMethods]),
  ...authenticationAt("revocation", [...publicMethods, ...provingMethods]),
  ...authenticationAt("introspection", provingMethods),
  dpop_signing_alg_values_supported: proofAlgorithms,
  code_challenge_methods_supported: ["S256"],
  scopes_supported: scopeNames,
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
