/** What an access token says of itself. Its target verifies it; we only look. */
interface Carried {
  /** Names of the minted groups. */
  readonly groups: readonly string[];
  /** When it was issued, in seconds since the epoch by the broker's clock. */
  readonly issuedAt: number;
}

/** Reads an access token; `undefined` when it is not a JWT of the form that a broker issues. */
export function carriedBy(token: string): Carried | undefined {
  const { groups, iat } = payloadOf(token) ?? {};
  if (!Array.isArray(groups) || typeof iat !== "number") return undefined;
  return { groups: groups.map(String), issuedAt: iat };
}

/** The claims of a JWT, unverified; `undefined` when it is not one. */
export function payloadOf(token: string): Record<string, unknown> | undefined {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) return undefined;
  try {
    return Object(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))) as Record<string, unknown>;
  } catch {
    return undefined; // no JSON inside: the caller says what that means
  }
}
