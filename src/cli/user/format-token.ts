import { CommandFailure } from "../failure.ts";
import { payloadOf } from "./session/carried.ts";
import type { Access } from "./session/kept-login.ts";

/** An access token as `cloudpass token` prints it: nothing else, or as JSON with its claims and its end. */
export function formatToken(output: string, target: string, access: Access): string {
  if (output !== "json") return access.token;
  const told = { target, token: access.token, expires_at: access.expiresAt, claims: claimsOf(access.token) };
  return JSON.stringify(told, undefined, 2);
}

/** The claims of a JWT, for display: the target verifies them, we do not. */
function claimsOf(token: string): unknown {
  const claims = payloadOf(token);
  if (claims !== undefined) return claims;
  throw new CommandFailure("the access token is not a JWT", { means: "Its claims cannot be shown." });
}
