import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";
import {
  clockSkew,
  dateOf,
  err,
  Fault,
  type Instant,
  type OAuthError,
  ok,
  type Result,
  refusal,
  seconds,
} from "../../core/index.ts";
import { createFetch } from "../../http-client/index.ts";
import { defineKind } from "../../store/index.ts";
import type { RelyingPartyDeps } from "../deps.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";
const algorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** A logout token older than this is not looked at; its `jti` is remembered a little longer (S-23). */
const oldest = 300;

/** Whose sign-in ended at the realm. */
export interface Ended {
  readonly subject?: string;
  readonly session?: string;
  /** Names the token that says so, for `useUp`. */
  readonly token: string;
}

/** A logout token whose logout was done. */
const usedKind = defineKind<{ readonly usedAt: Instant }>()("used-logout-token", ["usedAt"]);

/**
 * From now on the token is refused. Not before the logout is done: one that failed half-way must be possible again, and to
 * end twice what has ended does no harm.
 */
export async function useUp(
  { store, clock }: Pick<RelyingPartyDeps, "store" | "clock">,
  { token }: Ended,
): Promise<void> {
  await store.put(usedKind, token, { usedAt: clock.now() }, { ttl: seconds(oldest + 2 * clockSkew) });
}

/** Judges logout tokens of the realm (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
export function createLogoutTokenVerifier(
  deps: Pick<RelyingPartyDeps, "options" | "store" | "clock" | "seal">,
  jwksUri: () => Promise<URL>,
) {
  let keySet: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const openKeys = async () =>
    // jose asks at most once in 30 s for a key it does not know (S-41).
    createRemoteJWKSet(await jwksUri(), {
      timeoutDuration: deps.options.timeout * 1000,
      cooldownDuration: 30_000,
      [customFetch]: createFetch(),
    });
  return async (token: string): Promise<Result<Ended, OAuthError>> => {
    // One set for all callers: many at once, before the first is there, must not make one each.
    keySet ??= openKeys().catch((problem: unknown) => {
      keySet = undefined;
      throw problem;
    });
    const keys = await keySet;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: deps.options.issuer,
        audience: deps.options.clientId,
        algorithms,
        requiredClaims: ["iat", "jti", "events"],
        maxTokenAge: oldest,
        clockTolerance: clockSkew,
        currentDate: dateOf(deps.clock.now()),
      });
      if (!isLogoutType(protectedHeader.typ)) return refused("typ is of another kind of token");
      return await accept(deps, payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || keysUnread.includes(error.code)) {
        throw new Fault("keycloak", "reading its keys", { cause: error });
      }
      return refused(error.code);
    }
  };
}

/** The realm's keys did not come, or something else in their place: that says nothing of the token. */
const keysUnread: readonly string[] = [errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code];

/** Explicit or usual types of a logout token; a token made for something else is refused (RFC 8725 section 3.11). */
const isLogoutType = (typ: string | undefined): boolean =>
  typ === undefined || /^(application\/)?(logout\+)?jwt$/i.test(typ);

const refused = (detail: string) => err(refusal("invalid_request", "the logout token is not valid", detail));

async function accept(
  deps: Pick<RelyingPartyDeps, "store" | "seal">,
  payload: Record<string, unknown>,
): Promise<Result<Ended, OAuthError>> {
  const { events, nonce, sub, sid, jti } = payload;
  if (typeof events !== "object" || events === null || !Object.hasOwn(events, event)) return refused("no logout event");
  if (nonce !== undefined) return refused("a nonce: this is an ID token");
  // A name that is there and odd is not passed over: without the session, all of the person's would end.
  const named = [sub, sid].filter((name) => name !== undefined);
  if (named.length === 0 || !named.every(isName)) return refused("neither sub nor sid, or not as texts");
  if (!isName(jti)) return refused("jti is not a short text");
  const token = deps.seal.hash("logout token", jti);
  if (await deps.store.get(usedKind, token)) return refused("replayed");
  return ok({ token, ...(isName(sub) && { subject: sub }), ...(isName(sid) && { session: sid }) });
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "" && value.length <= 256;
