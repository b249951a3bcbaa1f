import type { Refusal, RefusalCode } from "../../core/index.ts";

/** How the token, device and revocation endpoints say a refusal (RFC 6749 section 5.2): code and status. */
const table: Readonly<Record<RefusalCode, readonly [error: string, status: number]>> = {
  invalid_request: ["invalid_request", 400],
  invalid_client: ["invalid_client", 401],
  invalid_grant: ["invalid_grant", 400],
  invalid_scope: ["invalid_scope", 400],
  invalid_target: ["invalid_target", 400],
  invalid_token: ["invalid_token", 401],
  token_missing: ["invalid_token", 401],
  invalid_dpop_proof: ["invalid_dpop_proof", 400],
  insufficient_scope: ["insufficient_scope", 403],
  unauthorized_client: ["unauthorized_client", 400],
  unsupported_grant_type: ["unsupported_grant_type", 400],
  authorization_pending: ["authorization_pending", 400],
  slow_down: ["slow_down", 400],
  access_denied: ["access_denied", 400],
  expired_token: ["expired_token", 400],
  not_found: ["invalid_request", 404],
  method_not_allowed: ["invalid_request", 405],
  unsupported_media_type: ["invalid_request", 415],
  payload_too_large: ["invalid_request", 413],
  headers_too_large: ["invalid_request", 431],
  request_timeout: ["invalid_request", 408],
  too_many_requests: ["temporarily_unavailable", 429],
  not_opened: ["invalid_request", 403],
  ambiguous_cookie: ["invalid_request", 400],
  forged_form: ["invalid_request", 403],
  login_required: ["access_denied", 403],
  login_expired: ["access_denied", 403],
  login_failed: ["access_denied", 403],
  other_browser: ["access_denied", 403],
  no_cookie: ["access_denied", 403],
  logins_ended: ["access_denied", 403],
  unknown_tenant: ["access_denied", 403],
  wrong_tenant: ["access_denied", 403],
  provider_closed: ["access_denied", 403],
  provider_failed: ["access_denied", 403],
  testers_only: ["access_denied", 403],
  unknown_user_code: ["invalid_request", 400],
  malformed_user_code: ["invalid_request", 400],
  tail_required: ["invalid_request", 400],
  wrong_tail: ["invalid_request", 400],
  remote_origin: ["access_denied", 403],
  decided_before: ["invalid_request", 400],
  nothing_entitled: ["access_denied", 400],
  needs_browser: ["access_denied", 400],
};

/** Status and body of a refusal as OAuth JSON. */
export function formatForOAuth(r: Refusal): { status: number; body: { error: string; error_description: string } } {
  const [error, status] = table[r.code];
  return { status, body: { error, error_description: asciiOnly(r.message) } };
}

/** RFC 6749 (sections 4.1.2.1 and 5.2) allows printable ASCII without quote and backslash in `error_description`. */
export const asciiOnly = (text: string): string =>
  text.replaceAll('"', "'").replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "?");
