import type { RequestCode } from "../../core/index.ts";

/** Status of what may be said of any request; the same for programs and people. */
export const requestStatus: Readonly<Record<RequestCode, number>> = {
  invalid_request: 400,
  invalid_target: 400,
  not_found: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  payload_too_large: 413,
  headers_too_large: 431,
  request_timeout: 408,
  too_many_requests: 429,
  not_opened: 403,
};

/** True for what may be said of any request. */
export const isOfRequest = (code: string): code is RequestCode => Object.hasOwn(requestStatus, code);

/** The same in OAuth's few words. */
export function oauthNameOf(code: RequestCode): string {
  if (code === "too_many_requests") return "temporarily_unavailable";
  return code === "invalid_target" ? code : "invalid_request";
}
