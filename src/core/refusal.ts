/*
 * Every expected "no" of the broker, by the kind of address that may say it. A route's error format decides which codes its
 * handler may return (`src/http/error-formats`); one that its format cannot say does not compile.
 */

/** What may be said of any request, whatever stands at the address. */
export const requestCodes = [
  "invalid_request",
  "invalid_target",
  "not_found",
  "method_not_allowed",
  "unsupported_media_type",
  "payload_too_large",
  "headers_too_large",
  "request_timeout",
  "too_many_requests",
  "not_opened",
] as const;

/** To programs, by OAuth's endpoints (RFC 6749, 7009, 8628, 8707, 9449); `nothing_entitled` says why access is denied. */
export const oauthCodes = [
  "invalid_client",
  "invalid_grant",
  "invalid_scope",
  "invalid_dpop_proof",
  "unauthorized_client",
  "unsupported_grant_type",
  "authorization_pending",
  "slow_down",
  "access_denied",
  "expired_token",
  "nothing_entitled",
] as const;

/** To programs that bring an access token (RFC 6750, 9449, 9470). */
export const bearerCodes = [
  "token_missing",
  "invalid_token",
  "invalid_dpop_proof",
  "insufficient_scope",
  "insufficient_user_authentication",
] as const;

/** To people, on pages. */
export const pageCodes = [
  "expired_token",
  "ambiguous_cookie",
  "forged_form",
  "login_required",
  "login_expired",
  "login_failed",
  "proof_too_weak",
  "other_browser",
  "no_cookie",
  "logins_ended",
  "unknown_tenant",
  "wrong_tenant",
  "provider_closed",
  "provider_failed",
  "testers_only",
  "not_provisioned",
  "unknown_user_code",
  "malformed_user_code",
  "tail_required",
  "wrong_tail",
  "remote_origin",
  "decided_before",
  "nothing_entitled",
  "needs_browser",
  "forbidden",
] as const;

/** By the console's API (RFC 9457), besides what it says of an access token. */
export const problemCodes = [
  "invalid_input",
  "forbidden",
  "conflict",
  "precondition_failed",
  "precondition_required",
] as const;

/** By SCIM's endpoints (RFC 7644 section 3.12), besides what they say of a token. */
export const scimCodes = [
  "invalid_filter",
  "invalid_path",
  "invalid_value",
  "no_target",
  "mutability",
  "uniqueness",
  "forbidden",
  "precondition_failed",
] as const;

/** Of any request. */
export type RequestCode = (typeof requestCodes)[number];
type OAuthCode = RequestCode | (typeof oauthCodes)[number];
type BearerCode = RequestCode | (typeof bearerCodes)[number];
type PageCode = RequestCode | (typeof pageCodes)[number];
type ProblemCode = BearerCode | (typeof problemCodes)[number];
type ScimCode = BearerCode | (typeof scimCodes)[number];

/** One of the closed lists of expected "no"s. */
export type RefusalCode = OAuthCode | PageCode | ProblemCode | ScimCode;

/** All of them, each once. */
export const refusalCodes: readonly RefusalCode[] = [
  ...new Set<RefusalCode>([
    ...requestCodes,
    ...oauthCodes,
    ...bearerCodes,
    ...pageCodes,
    ...problemCodes,
    ...scimCodes,
  ]),
];

/** An expected, protocol-level "no": a value, never thrown. */
export interface Refusal<Code extends RefusalCode = RefusalCode> {
  readonly code: Code;
  /** May be shown to whoever asked. */
  readonly message: string;
  /** For log and audit only. */
  readonly detail?: string;
}

/** What may be said of any request. */
export type RequestError = Refusal<RequestCode>;
/** What is wrong with a proof of possession; OAuth's endpoints and APIs say it. */
export type ProofError = RequestError | Refusal<"invalid_dpop_proof">;
/** A token that is not good. */
export type TokenError = Refusal<"invalid_token">;
/** What an endpoint of OAuth says: JSON of RFC 6749 section 5.2. */
export type OAuthError = Refusal<OAuthCode>;
/** What an API says that wants an access token: the same JSON, and a challenge (RFC 6750 section 3). */
export type BearerError = Refusal<BearerCode>;
/** What a page says. */
export type PageError = Refusal<PageCode>;
/** What SCIM's endpoints say: JSON of RFC 7644 section 3.12. */
export type ScimError = Refusal<ScimCode>;
/** What the console's API says: JSON of RFC 9457, which may point at several places of the input. */
export interface ApiProblem extends Refusal<ProblemCode> {
  readonly errors?: readonly InputError[];
  /** Classes of proof (`acr`) of which one is wanted, with "insufficient_user_authentication". */
  readonly classes?: readonly string[];
  /** The message by its name: a page may have words of the reader's language for it. */
  readonly said?: Said;
}

/** A sentence by its name, and what stands in it. */
export interface Said {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** What is wrong at one place of what was sent. */
export interface InputError {
  /** `path`, `query`, `headers` or `body`, and the way in it as a JSON pointer (RFC 6901): `/body/people/0/email`. */
  readonly pointer: string;
  readonly detail: string;
  /** As of the refusal: for pages, and not sent. */
  readonly said?: Said;
}

/** Makes a refusal. `message` may be shown; `detail` is only logged. */
export const refusal = <Code extends RefusalCode>(code: Code, message: string, detail?: string): Refusal<Code> =>
  detail === undefined ? { code, message } : { code, message, detail };
