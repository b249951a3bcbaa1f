import { errors, type JWTPayload, jwtVerify } from "jose";
import {
  Bug,
  type Clock,
  dateOf,
  err,
  Fault,
  type Instant,
  instant,
  ok,
  type Result,
  refusal,
  type TokenError,
} from "../../core/index.ts";
import { type KeySet, publishedKey } from "../keys/key-set.ts";
import { accessTokenType } from "./mint.ts";

/** What a token that passed says. */
export interface VerifiedToken {
  readonly sub: string;
  readonly clientId: string;
  readonly sid: string;
  readonly audience: string;
  readonly scope: readonly string[];
  readonly expiresAt: Instant;
  /** Thumbprint of the key that its presenter must prove, if any (RFC 9449 section 6.1). */
  readonly jkt?: string;
  /** Every claim, as signed. */
  readonly claims: Readonly<JWTPayload>;
}

/** Judges an access token of ours. */
export type AccessTokenVerifier = (token: string, audience?: string) => Promise<Result<VerifiedToken, TokenError>>;

/**
 * The one function that judges access tokens; every endpoint that takes one uses it (S-24). Signature by a published
 * key, ES256 only, `typ`, issuer, one audience, expiry; an absent claim is a refusal (S-33).
 */
export function createAccessTokenVerifier(deps: {
  issuer: string;
  keys: () => KeySet;
  clock: Clock;
}): AccessTokenVerifier {
  const { issuer, clock } = deps;
  const find = publishedKey(deps.keys);
  return async (token, audience) => {
    try {
      const { payload } = await jwtVerify(token, find, {
        issuer,
        ...(audience !== undefined && { audience }),
        typ: accessTokenType,
        algorithms: ["ES256"],
        requiredClaims: ["sub", "exp", "iat", "jti", "client_id", "sid", "aud"],
        currentDate: dateOf(clock.now()),
      });
      return read(payload);
    } catch (error) {
      if (error instanceof Fault) throw error; // the keys are out of reach: nobody can tell
      if (!(error instanceof errors.JOSEError)) throw new Bug("judging a token", { cause: error });
      const message = error instanceof errors.JWTExpired ? "the token has expired" : "the token is not valid";
      return err(refusal("invalid_token", message, error.code));
    }
  };
}

/** Claims of the right types, or a refusal: an absent or foreign form is never taken for "no restriction" (S-33). */
function read(claims: JWTPayload): Result<VerifiedToken, TokenError> {
  const { sub, client_id: clientId, sid, aud, exp, scope = "", cnf } = claims;
  const jkt = cnf === undefined ? undefined : Object(cnf)["jkt"];
  if (
    typeof sub !== "string" ||
    typeof clientId !== "string" ||
    typeof sid !== "string" ||
    typeof aud !== "string" ||
    typeof exp !== "number" ||
    typeof scope !== "string" ||
    (cnf !== undefined && typeof jkt !== "string")
  ) {
    return err(refusal("invalid_token", "the token is not valid", "a claim is of the wrong type"));
  }
  return ok({
    sub,
    clientId,
    sid,
    audience: aud,
    scope: scope.split(" ").filter((s) => s !== ""),
    expiresAt: instant(exp),
    ...(typeof jkt === "string" && { jkt }),
    claims,
  });
}
