import { payloadOf } from "./carried.ts";
import type { Access, Login } from "./kept-login.ts";

/** A cached token is used until this long before its end, in seconds: it must still be good when it arrives. */
export const margin = 30;

/** The access tokens of a login that are still good at `now`. */
export const stillGood = ({ access }: Pick<Login, "access">, now: number): Record<string, Access> =>
  Object.fromEntries(Object.entries(access).filter(([, kept]) => isGood(kept, now)));

/** The kept access token for a resource ("" is the issuer itself), if it is good at `now`. */
export function keptAccess({ access }: Pick<Login, "access">, resource: string, now: number): Access | undefined {
  const kept = Object.hasOwn(access, resource) ? access[resource] : undefined;
  return kept !== undefined && isGood(kept, now) ? kept : undefined;
}

/** A token with more life left than it ever had is of a clock that was set back since: how old it is nobody knows. */
function isGood({ token, expiresAt }: Access, now: number): boolean {
  const left = expiresAt - now;
  return left > margin && left <= (lifeOf(token) ?? left) + margin;
}

/** Seconds from issue to end of a JWT access token (RFC 9068), by the issuer's clock alone. */
function lifeOf(token: string): number | undefined {
  const { exp, iat } = payloadOf(token) ?? {}; // no JWT: the token is for its target to read
  return typeof exp === "number" && typeof iat === "number" ? exp - iat : undefined;
}
