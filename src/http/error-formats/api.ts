import type { Refusal } from "../../core/index.ts";
import { formatForOAuth } from "./oauth.ts";

/** Algorithms that a proof of possession may be signed with: asymmetric ones (RFC 9449 section 4.3, check 5). */
export const proofAlgorithms = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"] as const;

const realm = 'realm="cloudpass"';
const algs = `algs="${proofAlgorithms.join(" ")}"`;

/**
 * A refusal of an API that wants an access token: OAuth JSON plus the challenges of RFC 6750 section 3 and RFC 9449
 * section 7.1. Here even a broken proof is 401: the request as a whole was not authorized. Who brought no token at all is
 * told how to bring one, and nothing of an error (RFC 6750 section 3.1).
 */
export function formatForApi(r: Refusal): { status: number; body: unknown; headers: Record<string, string> } {
  const said = formatForOAuth(r);
  const why = `error="${said.body.error}", error_description="${said.body.error_description}"`;
  switch (r.code) {
    case "token_missing":
      return {
        status: 401,
        body: undefined,
        headers: { "www-authenticate": `Bearer ${realm}, DPoP ${realm}, ${algs}` },
      };
    case "invalid_token":
      return { ...said, headers: { "www-authenticate": `Bearer ${why}, DPoP ${algs}` } };
    case "invalid_dpop_proof":
      return { ...said, status: 401, headers: { "www-authenticate": `DPoP ${why}, ${algs}` } };
    case "insufficient_scope":
      return { ...said, headers: { "www-authenticate": `Bearer ${why}` } };
    default:
      return { ...said, headers: {} };
  }
}
