import { NetworkError } from "@keycloak/keycloak-admin-client";
import { Fault } from "../core/index.ts";

/** HTTP status of a failed request, or `undefined` when there was no answer. */
export const statusOf = (thrown: unknown): number | undefined =>
  thrown instanceof NetworkError ? thrown.response.status : undefined;

/** True when Keycloak was not reached, did not answer in time, or says that it is busy or starting. */
export function isRetryable(thrown: unknown): boolean {
  const status = statusOf(thrown);
  if (status !== undefined) return [408, 429, 502, 503, 504].includes(status);
  return isUnreached(thrown);
}

const isUnreached = (thrown: unknown): boolean =>
  (thrown instanceof TypeError && thrown.message === "fetch failed") ||
  (thrown instanceof DOMException && ["TimeoutError", "AbortError"].includes(thrown.name));

/** What an operator is told of a failed request: status and Keycloak's one-line reason, or how it was not reached. */
export function faultOf(operation: string, thrown: unknown): Fault {
  const status = statusOf(thrown);
  if (status === undefined) {
    const says = isUnreached(thrown) ? "it could not be reached or did not answer in time; is it running?" : undefined;
    return new Fault("keycloak", operation, { cause: thrown, ...(says && { says }) });
  }
  const reason = thrown instanceof NetworkError ? reasonOf(thrown.responseData) : "";
  const hint = status === 403 ? "; the account lacks rights on this realm" : "";
  return new Fault("keycloak", operation, {
    retryable: isRetryable(thrown),
    says: `HTTP ${status}${reason === "" ? "" : ` ${reason}`}${hint}`,
  });
}

/** Keycloak's answers come in three shapes; only the short, known fields are passed on, never a whole body. */
function reasonOf(body: unknown): string {
  if (typeof body !== "object" || body === null) return "";
  const { errorMessage, error_description: description, error } = body as Record<string, unknown>;
  const text = [errorMessage, description, error].find((t) => typeof t === "string");
  return typeof text === "string" ? `"${text.slice(0, 200)}"` : "";
}
