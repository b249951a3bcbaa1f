import { jwtVerify } from "jose";
import { dateOf, Fault } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { publishedKey } from "../keys/key-set.ts";

/** Whom an ID token of ours is about, and the client it was given to. */
interface IdTokenHint {
  readonly sub: string;
  readonly audience: string;
}

/**
 * Reads an `id_token_hint` (OpenID Core section 3.1.2.1, RP-Initiated Logout section 2): an ID token of ours, expired or
 * not, since it only names. `undefined` when it is not ours, was changed, or is another kind of token (S-32).
 */
export async function readIdTokenHint(
  deps: Pick<IssuerDeps, "issuer" | "keys" | "clock">,
  idToken: string,
): Promise<IdTokenHint | undefined> {
  try {
    const { payload } = await jwtVerify(idToken, publishedKey(deps.keys), {
      issuer: deps.issuer,
      typ: "JWT",
      algorithms: ["ES256"],
      requiredClaims: ["sub", "aud"],
      currentDate: dateOf(deps.clock.now()),
      clockTolerance: Number.MAX_SAFE_INTEGER,
    });
    const { sub, aud } = payload;
    return typeof sub === "string" && typeof aud === "string" ? { sub, audience: aud } : undefined;
  } catch (error) {
    if (error instanceof Fault) throw error; // the keys are out of reach: nobody can tell
    return undefined; // not ours, or changed: the caller refuses
  }
}
