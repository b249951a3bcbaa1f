import { errors, jwtVerify } from "jose";
import { Bug, type Clock, dateOf, no, ok, type Result, refusal } from "../../core/index.ts";
import type { KeySet } from "../keys/key-set.ts";
import { accessTokenType } from "./mint.ts";

/** What a token that passed says. */
export interface JudgedToken {
  readonly sub: string;
  readonly clientId: string;
  readonly sid: string;
  readonly audience: string;
}

/** Judges an access token of ours. */
export type Judge = (token: string, audience?: string) => Promise<Result<JudgedToken>>;

/**
 * The one function that judges access tokens; every endpoint that takes one uses it (S-24). Signature by a published
 * key, ES256 only, `typ`, issuer, one audience, expiry; an absent claim is a refusal (S-33).
 */
export function createJudge(deps: { issuer: string; keys: () => KeySet; clock: Clock }): Judge {
  const { issuer, keys, clock } = deps;
  return async (token, audience) => {
    try {
      const { payload } = await jwtVerify(
        token,
        (header) => {
          const key = keys().verifier(header.kid);
          if (!key) throw new errors.JWKSNoMatchingKey();
          return key;
        },
        {
          issuer,
          ...(audience !== undefined && { audience }),
          typ: accessTokenType,
          algorithms: ["ES256"],
          requiredClaims: ["sub", "exp", "iat", "jti", "client_id", "sid", "aud"],
          currentDate: dateOf(clock.now()),
        },
      );
      const { sub, client_id: clientId, sid, aud } = payload;
      if (
        typeof sub !== "string" ||
        typeof clientId !== "string" ||
        typeof sid !== "string" ||
        typeof aud !== "string"
      ) {
        return no(refusal("invalid_token", "the token is not valid", "a claim is of the wrong type"));
      }
      return ok({ sub, clientId, sid, audience: aud });
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw new Bug("judging a token", { cause: error });
      const says = error instanceof errors.JWTExpired ? "the token has expired" : "the token is not valid";
      return no(refusal("invalid_token", says, error.code));
    }
  };
}
