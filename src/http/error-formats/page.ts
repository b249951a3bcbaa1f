import type { PageError, RequestCode } from "../../core/index.ts";
import type { Language } from "../language.ts";
import type { RefusalWords } from "../words/en.ts";
import { words } from "../words/index.ts";
import { isOfRequest, requestStatus } from "./request.ts";

/** Status of a page that says what only pages say. */
const pageStatus: Readonly<Record<Exclude<PageError["code"], RequestCode>, number>> = {
  expired_token: 400,
  ambiguous_cookie: 400,
  forged_form: 403,
  login_required: 401,
  login_expired: 400,
  login_failed: 403,
  proof_too_weak: 403,
  other_browser: 403,
  no_cookie: 400,
  logins_ended: 403,
  unknown_tenant: 404,
  wrong_tenant: 403,
  provider_closed: 403,
  provider_failed: 403,
  testers_only: 403,
  not_provisioned: 403,
  unknown_user_code: 400,
  malformed_user_code: 400,
  tail_required: 400,
  wrong_tail: 400,
  remote_origin: 403,
  decided_before: 400,
  nothing_entitled: 403,
  needs_browser: 403,
  forbidden: 403,
};

/** Refusals that a program's maker has to mend: their own sentence, which is English, stands on the page too. */
const forMakers: readonly PageError["code"][] = ["invalid_request", "invalid_target"];

/** A refusal as a page says it. */
interface PageErrorText extends RefusalWords {
  readonly status: number;
  /** English, for the maker of a program. */
  readonly detail?: string;
}

/**
 * Words and status of a refusal on a page. The words hang on the code alone, so that they exist in every language and
 * quote nothing that was sent to us.
 */
export const formatPageError = (language: Language, { code, message }: PageError): PageErrorText => ({
  ...words[language].refusals[code],
  status: isOfRequest(code) ? requestStatus[code] : pageStatus[code],
  ...(forMakers.includes(code) && { detail: message }),
});
