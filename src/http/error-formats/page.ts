import type { Refusal, RefusalCode } from "../../core/index.ts";
import type { Language } from "../language.ts";
import type { RefusalWords } from "../words/en.ts";
import { words } from "../words/index.ts";

/** Status of a page that says a refusal. */
export const pageStatus: Readonly<Record<RefusalCode, number>> = {
  invalid_request: 400,
  invalid_client: 400,
  invalid_grant: 400,
  invalid_scope: 400,
  invalid_target: 400,
  invalid_token: 401,
  token_missing: 401,
  invalid_dpop_proof: 400,
  insufficient_scope: 403,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  authorization_pending: 400,
  slow_down: 429,
  access_denied: 403,
  expired_token: 400,
  not_found: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  payload_too_large: 413,
  headers_too_large: 431,
  request_timeout: 408,
  too_many_requests: 429,
  not_opened: 403,
  ambiguous_cookie: 400,
  forged_form: 403,
  login_required: 401,
  login_expired: 400,
  login_failed: 403,
  other_browser: 403,
  no_cookie: 400,
  logins_ended: 403,
  unknown_tenant: 404,
  wrong_tenant: 403,
  provider_closed: 403,
  provider_failed: 403,
  testers_only: 403,
  unknown_user_code: 400,
  malformed_user_code: 400,
  tail_required: 400,
  wrong_tail: 400,
  remote_origin: 403,
  decided_before: 400,
  nothing_entitled: 403,
  needs_browser: 403,
};

/** Refusals that a program's maker has to mend: their own sentence, which is English, stands on the page too. */
const forMakers: readonly RefusalCode[] = [
  "invalid_request",
  "invalid_client",
  "invalid_scope",
  "invalid_target",
  "unauthorized_client",
  "unsupported_grant_type",
];

/** A refusal as a page says it. */
export interface FormattedPage extends RefusalWords {
  readonly status: number;
  /** English, for the maker of a program. */
  readonly detail?: string;
}

/**
 * Words and status of a refusal on a page. The words hang on the code alone, so that they exist in every language and
 * quote nothing that was sent to us.
 */
export const formatForPage = (language: Language, { code, message }: Refusal): FormattedPage => ({
  ...words[language].refusals[code],
  status: pageStatus[code],
  ...(forMakers.includes(code) && { detail: message }),
});
