import { createLocalJWKSet, decodeJwt, errors, type JWK, type JWTVerifyGetKey, jwtVerify } from "jose";
import { clockSkew, dateOf, err, type OAuthError, ok, type Result, refusal, seconds } from "../../core/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { decoyOf } from "./decoy-keys.ts";
import { algorithmFault, isFapi } from "./profile.ts";
import type { Client } from "./registry.ts";

/** `client_assertion_type` of RFC 7523 section 2.2. */
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Algorithms that a client assertion may be signed with: asymmetric ones only. */
export const assertionAlgorithms = ["ES256", "RS256", "PS256", "EdDSA"] as const;

/** An assertion may be valid for this long, in seconds; the difference of the clocks comes on top. */
const longestLife = 300;
/** Key sets by the list they were made of, so that each key is imported once. */
const keySets = new WeakMap<readonly JWK[], JWTVerifyGetKey>();

function keySetOf(keys: readonly JWK[]): JWTVerifyGetKey {
  const known = keySets.get(keys);
  if (known) return known;
  const made = createLocalJWKSet({ keys: [...keys] });
  keySets.set(keys, made);
  return made;
}

/** The client that an assertion claims to be of; proves nothing yet. */
export function assertedClient(assertion: string, type: string | undefined): Result<string, OAuthError> {
  if (type !== assertionType) {
    return err(refusal("invalid_request", `client_assertion_type must be ${assertionType}`));
  }
  try {
    const { sub } = decodeJwt(assertion);
    if (typeof sub === "string" && sub !== "") return ok(sub);
  } catch {
    // said below, in the same words
  }
  const message = "the client is not known, or its credentials are wrong";
  return err(refusal("invalid_client", message, "the assertion is not a JWT with a subject"));
}

type Deps = Pick<IssuerDeps, "issuer" | "clock" | "store" | "seal">;

/**
 * What is wrong with a client assertion (RFC 7523 section 3), `undefined` when it proves the client: signed by a key of
 * this client alone, issuer and subject are the client, one audience that is us, short, and never seen before (S-23).
 * `client` is `undefined` when it is unknown.
 */
export async function assertionFault(
  deps: Deps,
  client: Client | undefined,
  { id, assertion }: { readonly id: string; readonly assertion: string },
): Promise<string | undefined> {
  const keys = client?.authentication.kind === "private_key_jwt" ? client.authentication.keys : undefined;
  let decoyed = false;
  // Whether or not there is a client, and a key of it that fits, one signature is checked: time tells nothing (S-58).
  const key: JWTVerifyGetKey = async (header, token) => {
    try {
      if (keys) return await keySetOf(keys)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
    }
    decoyed = true;
    return decoyOf(header.alg);
  };
  try {
    const { payload, protectedHeader } = await jwtVerify(assertion, key, {
      issuer: id,
      subject: id,
      algorithms: [...assertionAlgorithms],
      requiredClaims: ["jti", "exp", "aud"],
      clockTolerance: clockSkew,
      currentDate: dateOf(deps.clock.now()),
    });
    const { jti, exp = 0, aud, iat } = payload;
    const now = deps.clock.now();
    if (decoyed) return "no key of the client fits";
    if (!isAssertionType(protectedHeader.typ)) return "typ is of another kind of token";
    // After the signature, so that how long a refusal takes tells nothing of the client (S-58).
    const forbidden = algorithmFault(client, protectedHeader.alg);
    if (forbidden) return forbidden;
    if (!isForUs(deps, client, aud)) return "aud is not us alone";
    if (exp - now > longestLife + clockSkew) return "valid for too long";
    if (iat !== undefined && iat > now + clockSkew) return "issued in the future";
    if (typeof jti !== "string" || jti === "" || jti.length > 256) return "jti is not a short text";
    // Last, so that a refused assertion uses nothing up; the guard outlives exp and skew.
    const guard = seconds(Math.max(1, exp - now) + 2 * clockSkew);
    const first = await deps.store.once("assertion", deps.seal.hash("assertion", `${id} ${jti}`), guard);
    return first ? undefined : "the assertion was used before";
  } catch (error) {
    if (error instanceof errors.JOSEError) return error.code;
    if (error instanceof TypeError || error instanceof DOMException) return "a key that does not fit";
    throw error;
  }
}

/**
 * Under FAPI 2.0 the issuer counts, as a text, and nothing else (section 5.3.2.1). For other clients the endpoints do too, as
 * RFC 7523 section 3 and RFC 9126 section 2 want it.
 */
function isForUs({ issuer }: Deps, client: Client | undefined, aud: unknown): boolean {
  if (isFapi(client)) return aud === issuer;
  const [audience, second] = Array.isArray(aud) ? aud : [aud];
  return second === undefined && [issuer, `${issuer}/token`, `${issuer}/par`].includes(audience);
}

/** Explicit or usual types of a client assertion; a token made for something else is refused (RFC 8725 section 3.11). */
const isAssertionType = (typ: string | undefined): boolean =>
  typ === undefined || /^(application\/)?(jwt|client-authentication\+jwt)$/i.test(typ);
