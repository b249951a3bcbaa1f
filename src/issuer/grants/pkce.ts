import { createHash } from "node:crypto";
import { sameText } from "../../core/index.ts";

/** S256 (RFC 7636 section 4.6): does the verifier fit the challenge? Without a challenge a verifier proves nothing and is ignored. */
export function verifierFits(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined) return true;
  if (verifier === undefined || !/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return sameText(createHash("sha256").update(verifier).digest("base64url"), challenge);
}
