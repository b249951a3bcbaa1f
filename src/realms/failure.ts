import { NetworkError } from "@keycloak/keycloak-admin-client/lib/utils/fetchWithError.js";
import { Fault } from "../core/index.ts";

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

/** What an operator is told of a failed request: status and Keycloak's one-line reason, or how it was not reached. */
export function faultOf(operation: string, thrown: unknown): Fault {
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
  const { status } = thrown.response;
  const reason = reasonOf(thrown.responseData);
  const hint = status === 403 ? "; the account lacks rights on this realm" : "";
  return new Fault("keycloak", operation, {
    retryable: isRetryable(thrown),
    // It answered that it did nothing. A 408 or 429 may come from a proxy that gave up on a request already sent on.
    refused: status >= 400 && status < 500 && !isRetryable(thrown),
    message: `HTTP ${status}${reason === "" ? "" : ` ${reason}`}${hint}`,
  });
}

/** Keycloak's answers come in three shapes; only the short, known fields are passed on, never a whole body. */
function reasonOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { errorMessage, error_description: description, error } = body as Record<string, unknown>;
  const text = [errorMessage, description, error].find((t) => typeof t === "string");
  return typeof text === "string" ? `"${text.slice(0, 200)}"` : "";
}
