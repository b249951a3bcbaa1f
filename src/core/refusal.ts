/**
 * Every expected "no" of the broker. OAuth codes are the registered ones (RFC 6749, 7009, 8628, 8707, 9449);
 * the rest are of our pages and commands. A new code does not compile until every error format can say it.
 */
export const refusalCodes = [
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "invalid_scope",
  "invalid_target",
  "invalid_token",
  "token_missing",
  "invalid_dpop_proof",
  "insufficient_scope",
  "unauthorized_client",
  "unsupported_grant_type",
  "authorization_pending",
  "slow_down",
  "access_denied",
  "expired_token",
  "not_found",
  "method_not_allowed",
  "unsupported_media_type",
  "payload_too_large",
  "headers_too_large",
  "request_timeout",
  "too_many_requests",
  "not_opened",
  "ambiguous_cookie",
  "forged_form",
  "login_required",
  "login_expired",
  "login_failed",
  "other_browser",
  "no_cookie",
  "logins_ended",
  "unknown_tenant",
  "wrong_tenant",
  "provider_closed",
  "provider_failed",
  "testers_only",
  "unknown_user_code",
  "malformed_user_code",
  "tail_required",
  "wrong_tail",
  "remote_origin",
  "decided_before",
  "nothing_entitled",
  "needs_browser",
] as const;

/** One of the closed list of expected "no"s. */
export type RefusalCode = (typeof refusalCodes)[number];

/** An expected, protocol-level "no": a value, never thrown. */
export interface Refusal {
  readonly code: RefusalCode;
  /** May be shown to whoever asked. */
  readonly message: string;
  /** For log and audit only. */
  readonly detail?: string;
}

/** Makes a refusal. `message` may be shown; `detail` is only logged. */
export const refusal = (code: RefusalCode, message: string, detail?: string): Refusal =>
  detail === undefined ? { code, message } : { code, message, detail };
