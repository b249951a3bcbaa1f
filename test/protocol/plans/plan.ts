/** One module of a public conformance plan, and where its conditions are tried against us. */
export type Module = {
  /** As the OpenID Foundation's suite calls it. */
  readonly module: string;
} & (
  | {
      /** A path below `test`; a test in it begins with the module's name, or (in another folder) tries its conditions. */
      readonly file: string;
    }
  | {
      /** Why the suite skips it for us, or leaves it with a warning. */
      readonly left: string;
    }
);

/** A public conformance plan. */
export interface Plan {
  readonly name: string;
  readonly modules: readonly Module[];
}

/** Modules that are tried in one file of this folder. */
const at = (file: string, ...modules: string[]): Module[] =>
  modules.map((module) => ({ module, file: `protocol/plans/${file}` }));

const basic: Plan = {
  name: "OpenID Connect Core: Basic",
  modules: [
    ...at(
      "basic.test.ts",
      "oidcc-server",
      "oidcc-response-type-missing",
      "oidcc-idtoken-signature",
      "oidcc-userinfo-get",
      "oidcc-userinfo-post-header",
      "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
      "oidcc-scope-profile",
      "oidcc-scope-email",
      "oidcc-alternate-happy-flow",
      "oidcc-display-page",
      "oidcc-display-popup",
      "oidcc-ensure-request-with-unknown-parameter-succeeds",
      "oidcc-login-hint",
      "oidcc-ui-locales",
      "oidcc-claims-locales",
      "oidcc-ensure-request-with-acr-values-succeeds",
      "oidcc-claims-essential",
      "oidcc-codereuse",
      "oidcc-codereuse-30seconds",
      "oidcc-ensure-registered-redirect-uri",
      "oidcc-ensure-post-request-succeeds",
      "oidcc-server-client-secret-post",
      "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
      "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
      "oidcc-ensure-request-object-with-redirect-uri",
      "oidcc-refresh-token",
      "oidcc-ensure-request-with-valid-pkce-succeeds",
    ),
    ...at(
      "basic-sessions.test.ts",
      "oidcc-prompt-login",
      "oidcc-prompt-none-not-logged-in",
      "oidcc-prompt-none-logged-in",
      "oidcc-max-age-1",
      "oidcc-max-age-10000",
      "oidcc-id-token-hint",
    ),
    { module: "oidcc-idtoken-unsigned", left: "skipped: `none` is not among our algorithms" },
    {
      module: "oidcc-userinfo-post-body",
      left: "a warning: a token in the body is not taken (RFC 6750 section 2.2: optional)",
    },
    { module: "oidcc-scope-address", left: "skipped: the scope is not among ours" },
    { module: "oidcc-scope-phone", left: "skipped: the scope is not among ours" },
    { module: "oidcc-scope-all", left: "skipped: not all of the scopes are among ours" },
  ],
};

const config: Plan = {
  name: "OpenID Connect Core: Config",
  modules: at("config.test.ts", "oidcc-discovery-endpoint-verification"),
};

const rpLogout: Plan = {
  name: "RP-Initiated Logout",
  modules: at(
    "logout.test.ts",
    "oidcc-rp-initiated-logout-discovery-endpoint-verification",
    "oidcc-rp-initiated-logout",
    "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-modified-id-token-hint",
    "oidcc-rp-initiated-logout-no-id-token-hint",
    "oidcc-rp-initiated-logout-no-params",
    "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-no-state",
    "oidcc-rp-initiated-logout-only-state",
    "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
    "oidcc-rp-initiated-logout-bad-id-token-hint",
  ),
};

const backChannel: Plan = {
  name: "Back-Channel Logout",
  modules: at(
    "logout.test.ts",
    "oidcc-backchannel-logout-discovery-endpoint-verification",
    "oidcc-backchannel-rp-initiated-logout",
  ),
};

const fapiPrefix = "fapi2-security-profile-final-";
const fapi = (file: string, ...names: string[]): Module[] =>
  names.map((name) => ({ module: `${fapiPrefix}${name}`, file: `protocol/plans/${file}` }));

const fapi2: Plan = {
  name: "FAPI 2.0 Security Profile Final (OpenID Connect and plain OAuth, DPoP, private_key_jwt)",
  modules: [
    ...fapi(
      "fapi2.test.ts",
      "discovery-end-point-verification",
      "happy-flow",
      "user-rejects-authentication",
      "ensure-other-scope-order-succeeds",
      "ensure-authorization-request-without-state-success",
      "ensure-authorization-request-without-nonce-success",
      "ensure-authorization-request-with-64-char-nonce-success",
      "ensure-authorization-request-with-long-nonce",
      "ensure-authorization-request-with-long-state",
      "ensure-redirect-uri-in-authorization-request",
      "ensure-registered-redirect-uri",
      "plain-fapi-tolerate-unregistered-redirect-uri",
      "ensure-request-object-without-redirect-uri-fails",
      "ensure-response-type-code-idtoken-fails",
      "ensure-response-type-token-fails",
      "ensure-unsigned-authorization-request-without-using-par-fails",
      "ensure-different-nonce-inside-and-outside-request-object",
      "ensure-different-state-inside-and-outside-request-object",
      "state-only-outside-request-object-not-used",
      "par-without-duplicate-parameters",
      "par-attempt-reuse-request_uri",
      "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds",
      "par-attempt-to-use-expired-request_uri",
      "par-attempt-invalid-http-method",
      "par-authorization-request-containing-request_uri-form-param",
      "par-authorization-request-containing-request_uri",
      "par-test-array-as-audience-fails",
      "par-test-par-endpoint-url-as-audience-fails",
      "par-test-token-endpoint-url-as-audience-fails",
      "par-ensure-pkce-required",
      "par-plain-pkce-rejected",
    ),
    ...fapi(
      "fapi2-tokens.test.ts",
      "attempt-reuse-authorization-code-after-one-second",
      "ensure-token-endpoint-fails-with-expired-auth-code",
      "ensure-pkce-code-verifier-required",
      "incorrect-pkce-code-verifier-rejected",
      "ensure-holder-of-key-required",
      "refresh-token",
      "access-token-type-header-case-sensitivity",
      "check-dpop-proof-nbf-exp",
      "dpop-negative-tests",
      "ensure-dpop-auth-code-binding-success",
      "ensure-dpopproof-at-par-endpoint-binding-success",
      "ensure-dpopproof-with-iat-10seconds-after-succeeds",
      "ensure-dpopproof-with-iat-10seconds-before-succeeds",
      "ensure-mismatched-dpop-jkt-fails",
      "ensure-token-endpoint-fails-with-mismatched-dpop-jkt",
      "ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt",
    ),
    {
      module: `${fapiPrefix}test-claims-parameter-identity-claims`,
      left: "skipped: the claims parameter is not among ours",
    },
    { module: `${fapiPrefix}test-essential-acr-sca-claim`, left: "of open banking profiles" },
    { module: `${fapiPrefix}ensure-server-handles-non-matching-intent-id`, left: "of open banking profiles" },
  ],
};

/** The public plans that we keep, with every module that runs for us. */
export const plans: readonly Plan[] = [config, basic, rpLogout, backChannel, fapi2];
