import { type BearerError, freshSignIn, type RequestCode } from "../../core/index.ts";
import { type ErrorAnswer, oauthBody } from "./oauth.ts";
import { isOfRequest, oauthNameOf, requestStatus } from "./request.ts";

/** Algorithms that a proof of possession may be signed with: asymmetric ones (RFC 9449 section 4.3, check 5). */
export const proofAlgorithms = ["ES256", "RS256", "PS256", "EdDSA", "Ed25519"] as const;

const realm = 'realm="cloudpass"';
const algs = `algs="${proofAlgorithms.join(" ")}"`;

type TokenCode = Exclude<BearerError["code"], RequestCode>;

/** Status of what is wrong with a token or its proof. Even a broken proof is 401: the request was not authorized. */
const tokenStatus: Readonly<Record<TokenCode, number>> = {
  token_missing: 401,
  invalid_token: 401,
  invalid_dpop_proof: 401,
  insufficient_scope: 403,
  insufficient_user_authentication: 401,
};

/** Challenges of RFC 6750 section 3, RFC 9449 section 7.1 and RFC 9470 section 3. */
const challenges: Readonly<Record<TokenCode, (why: string, classes: readonly string[]) => string>> = {
  token_missing: () => `Bearer ${realm}, DPoP ${realm}, ${algs}`,
  invalid_token: (why) => `Bearer ${why}, DPoP ${algs}`,
  invalid_dpop_proof: (why) => `DPoP ${why}, ${algs}`,
  insufficient_scope: (why) => `Bearer ${why}`,
  insufficient_user_authentication: (why, classes) =>
    `Bearer ${why}, max_age="${freshSignIn}"${classes.length > 0 ? `, acr_values="${classes.join(" ")}"` : ""}`,
};

/**
 * A refusal of an API that wants an access token: OAuth JSON plus the challenge. Who brought no token at all is told how to
 * bring one, and nothing of an error (RFC 6750 section 3.1).
 */
export function formatBearerError({ code, message }: BearerError): ErrorAnswer {
  if (isOfRequest(code))
    return { status: requestStatus[code], body: oauthBody(oauthNameOf(code), message), headers: {} };
  const body = oauthBody(code, message);
  return {
    status: tokenStatus[code],
    body: code === "token_missing" ? undefined : body,
    headers: challengeOf(code, message),
  };
}

/** The challenge to a refused token. */
export function challengeOf(
  code: TokenCode,
  message: string,
  classes: readonly string[] = [],
): Readonly<Record<string, string>> {
  const { error, error_description: description } = oauthBody(code, message);
  return { "www-authenticate": challenges[code](`error="${error}", error_description="${description}"`, classes) };
}

/** Status of a refused token. */
export const statusOfToken = (code: TokenCode): number => tokenStatus[code];
