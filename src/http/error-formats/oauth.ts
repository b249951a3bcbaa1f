import type { OAuthError, RequestCode } from "../../core/index.ts";
import { isOfRequest, oauthNameOf, requestStatus } from "./request.ts";

/** How the token, device and revocation endpoints say a refusal (RFC 6749 section 5.2): code and status. */
const table: Readonly<Record<Exclude<OAuthError["code"], RequestCode>, readonly [error: string, status: number]>> = {
  invalid_client: ["invalid_client", 401],
  invalid_grant: ["invalid_grant", 400],
  invalid_scope: ["invalid_scope", 400],
  invalid_dpop_proof: ["invalid_dpop_proof", 400],
  unauthorized_client: ["unauthorized_client", 400],
  unsupported_grant_type: ["unsupported_grant_type", 400],
  authorization_pending: ["authorization_pending", 400],
  slow_down: ["slow_down", 400],
  access_denied: ["access_denied", 400],
  expired_token: ["expired_token", 400],
  nothing_entitled: ["access_denied", 400],
};

/** Status, body and more headers of an answer to a program. */
export interface ErrorAnswer {
  readonly status: number;
  /** `undefined`: there is nothing to say. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

/** JSON of RFC 6749 section 5.2. */
interface OAuthBody {
  readonly error: string;
  readonly error_description: string;
}

/** A refusal as OAuth JSON. */
export function formatOAuthError({ code, message }: OAuthError): ErrorAnswer & { readonly body: OAuthBody } {
  const [error, status] = isOfRequest(code) ? [oauthNameOf(code), requestStatus[code]] : table[code];
  // RFC 6749 section 5.2: a 401 names the scheme when the client tried Basic; harmless otherwise.
  const headers = code === "invalid_client" ? { "www-authenticate": 'Basic realm="cloudpass"' } : {};
  return { status, body: oauthBody(error, message), headers: headers as Record<string, string> };
}

/** OAuth's body, with what its description may hold. */
export const oauthBody = (error: string, message: string): OAuthBody => ({
  error,
  error_description: asciiOnly(message),
});

/** RFC 6749 (sections 4.1.2.1 and 5.2) allows printable ASCII without quote and backslash in `error_description`. */
export const asciiOnly = (text: string): string =>
  text.replaceAll('"', "'").replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "?");
