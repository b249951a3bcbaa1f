import { err, ok, type Result } from "../core/index.ts";
import type { Fetched, FetchRefusal, GuardedFetch } from "../http-client/index.ts";

/** Provider metadata as somebody else wrote it: nothing is believed about its types. */
export type OpenIdMetadata = Readonly<Record<string, unknown>>;

/** Why there is no metadata: the request was refused, or the answer is not a JSON object. */
type MetadataRefusal = FetchRefusal | { readonly code: "format"; readonly message: string };

/** Where an issuer's metadata is (OpenID Connect Discovery 1.0 section 4). */
export const metadataUrl = (issuer: string): string => `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

/** Asks for provider metadata. */
export async function fetchMetadata(
  guardedFetch: GuardedFetch,
  url: string,
): Promise<Result<{ metadata: OpenIdMetadata; answer: Fetched }, MetadataRefusal>> {
  const answer = await guardedFetch(url);
  if (!answer.ok) return answer;
  const metadata = readObject(answer.value.text);
  if (metadata === undefined) return err({ code: "format", message: "its answer is not a JSON object" });
  return ok({ metadata, answer: answer.value });
}

/** Text as a JSON object; `undefined` when it is something else. */
export function readObject(text: string): OpenIdMetadata | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as OpenIdMetadata) : undefined;
  } catch {
    return undefined;
  }
}

/** A text of the metadata; `undefined` when it is missing or no text. */
export const textOf = (metadata: OpenIdMetadata, name: string): string | undefined => {
  const value = metadata[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A list of texts; `undefined` when it is missing or something else. */
export const listOf = (metadata: OpenIdMetadata, name: string): readonly string[] | undefined => {
  const value = metadata[name];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
};
