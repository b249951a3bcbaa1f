import { NetworkError } from "@keycloak/keycloak-admin-client/lib/utils/fetchWithError.js";
import { Fault } from "../core/index.ts";
import { formatMeaning, type Refused } from "./refusal.ts";

/** The longest wait that a server may ask for, in milliseconds. */
const longestWait = 30_000;

/**
 * How long the server asks to be left alone (`Retry-After`, RFC 9110 section 10.2.3), in milliseconds; a date instead of
 * seconds counts as nothing asked.
 */
export function waitAsked(thrown: unknown): number {
  const seconds = thrown instanceof NetworkError ? Number(thrown.response.headers.get("retry-after") ?? 0) : 0;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0) * 1000, longestWait) : 0;
}

/** HTTP status of a failed request, or `undefined` when there was no answer. */
export const statusOf = (thrown: unknown): number | undefined =>
  thrown instanceof NetworkError ? thrown.response.status : undefined;

/** True when Keycloak was not reached, did not answer in time or to the end, or says that it is busy or starting. */
export function isRetryable(thrown: unknown): boolean {
  const status = statusOf(thrown);
  if (status !== undefined) return [408, 429, 502, 503, 504].includes(status);
  return isUnreached(thrown) || thrown instanceof SyntaxError;
}

const isUnreached = (thrown: unknown): boolean =>
  (thrown instanceof TypeError && ["fetch failed", "terminated"].includes(thrown.message)) ||
  (thrown instanceof DOMException && ["TimeoutError", "AbortError"].includes(thrown.name));

/**
 * What an operator is told of a failed request: what it means, what to do, and beside it the status, Keycloak's one-line
 * reason and the object's place; or how Keycloak was not reached.
 */
export function faultOf(operation: string, thrown: unknown, asked: Refused["asked"] = "write"): Fault {
  if (!(thrown instanceof NetworkError)) {
    if (thrown instanceof SyntaxError) {
      // Its message would repeat the body, which may hold a client's secret.
      return new Fault("keycloak", operation, { message: "the answer is not JSON; is there a proxy before it?" });
    }
    const message = isUnreached(thrown)
      ? "it could not be reached or did not answer in time; is it running?"
      : undefined;
    return new Fault("keycloak", operation, { cause: thrown, ...(message && { message }) });
  }
  const { status, url } = thrown.response;
  const reason = reasonOf(thrown.responseData);
  const said = [`HTTP ${status}`, ...(reason === "" ? [] : [`"${reason}"`]), ...placeOf(url)].join(" ");
  return new Fault("keycloak", operation, {
    retryable: isRetryable(thrown),
    // It answered that it did nothing. A 408 or 429 may come from a proxy that gave up on a request already sent on.
    refused: status >= 400 && status < 500 && !isRetryable(thrown),
    message: `${formatMeaning({ status, reason, code: codeIn(thrown.responseData), asked })} (${said})`,
  });
}

/** Keycloak's answers come in three shapes; only the short, known fields are passed on, never a whole body. */
function reasonOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { errorMessage, error_description: description, error } = body as Record<string, unknown>;
  const text = [errorMessage, description, error].find((t) => typeof t === "string");
  return typeof text === "string" ? text.slice(0, 200) : "";
}

function codeIn(body: unknown): string {
  const error = typeof body === "object" && body !== null ? Reflect.get(body, "error") : undefined;
  return typeof error === "string" ? error : "";
}

/** Where the request went within the realm, which holds Keycloak's id of the object: `at clients/<id>`. */
function placeOf(url: string): string[] {
  const [, place] = /\/admin\/realms\/[^/?]+\/([^?#]+)/.exec(url) ?? [];
  return place === undefined ? [] : [`at ${place.slice(0, 200)}`];
}
