import * as oidc from "openid-client";
import { err, Fault, ok, type PageError, type Result, refusal } from "../core/index.ts";
import { createFetch } from "../http-client/index.ts";
import type { ClientKey, RelyingPartyDeps } from "./deps.ts";

/** Claims of the realm about a person, and the tokens that ask for more. */
export interface RealmAnswer {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  /** As the realm gave it last; absent when it keeps none for us. */
  readonly refreshToken: string | undefined;
}

/** By whom a person is let in. */
export type Through =
  | { readonly identityProvider: string }
  | { readonly organization: string; readonly username: string | undefined };

/** We as relying party of the Keycloak realm. Every call throws `Fault("keycloak", …)` when the realm does not answer. */
export interface Realm {
  /**
   * Address that starts a login at the realm; `through` is the identity provider, which is gone to at once, or the organization
   * whose member signs in at the realm itself, and the account's name there. `fresh` asks for proof anew.
   */
  authorizationUrl(login: {
    state: string;
    nonce: string;
    verifier: string;
    through: Through;
    fresh: boolean;
  }): Promise<URL>;
  /** Trades the callback for claims; checks state, nonce, `iss` (RFC 9207), PKCE and the ID token. */
  redeem(
    callback: URL,
    expected: { state: string; nonce: string; verifier: string },
  ): Promise<Result<RealmAnswer, PageError>>;
  /** The realm's present word on a person it signed in before. */
  refresh(refreshToken: string, subject: string): Promise<Result<RealmAnswer, PageError>>;
  /**
   * Ends what a refresh token stands for (RFC 7009): at Keycloak the session behind it, the whole of it unless another
   * client is in it too. One that is over already is no failure.
   */
  revoke(refreshToken: string): Promise<void>;
  /** Where the realm's keys are. */
  jwksUri(): Promise<URL>;
}

/** Where the realm sends people back to. */
export const callbackPath = "/login/callback";

/** The library brings its own time limit, and refuses redirects itself. */
const toRealm = createFetch();

/** Discovery again after this long: the realm's endpoints change rarely, its outage must not stick. */
const discoveryLifeMillis = 300_000;

type Deps = Pick<RelyingPartyDeps, "issuer" | "options" | "clientKey" | "clock">;

/** The realm through openid-client, with `private_key_jwt` and lazy discovery: the broker starts without it. */
export function connectRealm(deps: Deps): Realm {
  const configuration = discoverLazily(deps);
  const redirectUri = `${deps.issuer}${callbackPath}`;
  return {
    authorizationUrl: async ({ state, nonce, verifier, through, fresh }) => {
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        ...leading(deps.options.scopes, through),
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
        // With `max_age` the realm must say when the person proved it (OpenID Core section 3.1.2.1).
        ...(fresh && { prompt: "login", max_age: "0", ...askedClasses(deps.options) }),
      });
      return url;
    },
    redeem: async (callback, expected) => {
      const config = await configuration();
      const answer = await asRefusal("trading the code", notThisLogin, async () => {
        const tokens = await oidc.authorizationCodeGrant(config, callback, {
          expectedState: expected.state,
          expectedNonce: expected.nonce,
          pkceCodeVerifier: expected.verifier,
          idTokenExpected: true,
        });
        return answerOf(config, tokens, tokens.claims()?.sub ?? "");
      });
      // OpenID Core section 3.1.3.7: the library looks at `azp` only when there are several audiences (S-33).
      const azp = answer.ok ? answer.value.claims["azp"] : undefined;
      if (azp === undefined || azp === deps.options.clientId) return answer;
      return err(refusal("login_failed", "The identity provider refused the login.", "azp is another client"));
    },
    refresh: async (refreshToken, subject) => {
      const config = await configuration();
      return asRefusal("refreshing", notThisPerson, async () => {
        const tokens = await oidc.refreshTokenGrant(config, refreshToken);
        return answerOf(config, tokens, subject);
      });
    },
    jwksUri: async () => jwksUriOf(await configuration()),
    revoke: async (refreshToken) => revoke(await configuration(), refreshToken),
  };
}

/** OpenID Core section 3.1.2.1: as a wish; who needs one looks at what came. */
const askedClasses = ({ stepUpAcr = [] }: Deps["options"]): Record<string, string> =>
  stepUpAcr.length > 0 ? { acr_values: stepUpAcr.join(" ") } : {};

/** Keycloak shows its form for a password to who comes with an organization's scope (the realm's flow), and nobody else. */
const leading = (scopes: readonly string[], through: Through): Record<string, string> =>
  "identityProvider" in through
    ? { scope: scopes.join(" "), kc_idp_hint: through.identityProvider }
    : {
        scope: [...scopes, `organization:${through.organization}`].join(" "),
        ...(through.username !== undefined && { login_hint: through.username }),
      };

function jwksUriOf(config: oidc.Configuration): URL {
  const { jwks_uri: found } = config.serverMetadata();
  if (found === undefined) throw new Fault("keycloak", "discovery", { message: "it names no keys" });
  return new URL(found);
}

async function revoke(config: oidc.Configuration, refreshToken: string): Promise<void> {
  try {
    await oidc.tokenRevocation(config, refreshToken, { token_type_hint: "refresh_token" });
  } catch (cause) {
    throw new Fault("keycloak", "ending the session", { cause });
  }
}

/** What an ID token alone says: of itself, and of the sign-in that it came of. Userinfo is about the person. */
const tokenClaims = ["iss", "aud", "azp", "iat", "exp", "nonce", "sid", "auth_time"];

/** Claims of the ID token, then those of userinfo, which is read now and refuses a person disabled meanwhile. */
async function answerOf(
  config: oidc.Configuration,
  tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  subject: string,
): Promise<RealmAnswer> {
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, subject);
  const ofPerson = Object.entries(userinfo).filter(([name]) => !tokenClaims.includes(name));
  return {
    claims: { ...tokens.claims(), ...Object.fromEntries(ofPerson) },
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
  };
}

/** A callback that fails these was not made for this sign-in: replayed, mixed up or forged. */
const notThisLogin = [
  "OAUTH_INVALID_RESPONSE",
  "OAUTH_JWT_CLAIM_COMPARISON_FAILED",
  "OAUTH_JWT_TIMESTAMP_CHECK_FAILED",
  "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED",
];
/** Userinfo of another subject. */
const notThisPerson = ["OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED"];

/** The realm saying "no" is a refusal; the realm not answering, or answering with an error of its own, is a fault. */
async function asRefusal(
  operation: string,
  refusals: readonly string[],
  work: () => Promise<RealmAnswer>,
): Promise<Result<RealmAnswer, PageError>> {
  try {
    return ok(await work());
  } catch (error) {
    const detail = refusalDetail(error, refusals);
    if (detail === undefined) throw new Fault("keycloak", operation, { cause: error });
    return err(refusal("login_failed", "The identity provider refused the login.", detail));
  }
}

/**
 * Why the realm refuses the person. Anything else (a client it does not know, an answer that makes no sense, clocks
 * apart at a refresh) is no word on the person: nothing is issued then, but no login is ended either.
 */
function refusalDetail(error: unknown, refusals: readonly string[]): string | undefined {
  // The code comes through the browser: only what looks like a registered one may reach log and audit.
  if (error instanceof oidc.AuthorizationResponseError) return /^[a-z_]{1,40}$/.exec(error.error)?.[0] ?? "an error";
  if (error instanceof oidc.ResponseBodyError) return error.error === "invalid_grant" ? error.error : undefined;
  // Basic would be the token endpoint's word on us as a client; Bearer is userinfo's on the person.
  if (error instanceof oidc.WWWAuthenticateChallengeError && error.status === 401)
    return error.cause.some((c) => c.scheme === "bearer") ? "userinfo answered 401" : undefined;
  return error instanceof oidc.ClientError ? refusals.find((code) => code === error.code) : undefined;
}

/** Discovers when first needed, when our key has changed, and again later; callers at the same time share one request; a failure is not kept. */
function discoverLazily(deps: Deps): () => Promise<oidc.Configuration> {
  let current: Promise<oidc.Configuration> | undefined;
  let until = 0;
  let kid = "";
  return () => {
    const clientKey = deps.clientKey();
    if (current && deps.clock.millis() < until && clientKey.kid === kid) return current;
    until = deps.clock.millis() + discoveryLifeMillis;
    kid = clientKey.kid;
    const fresh = discover(deps.options, clientKey);
    fresh.catch(() => {
      if (current === fresh) current = undefined;
    });
    current = fresh;
    return fresh;
  };
}

async function discover(options: Deps["options"], clientKey: ClientKey): Promise<oidc.Configuration> {
  try {
    const key = await crypto.subtle.importKey(
      "jwk",
      { ...clientKey.jwk },
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["sign"],
    );
    const prove = oidc.PrivateKeyJwt({ key, kid: clientKey.kid });
    const config = await oidc.discovery(new URL(options.issuer), options.clientId, {}, prove, {
      timeout: options.timeout,
      [oidc.customFetch]: (url, init) => toRealm(url, init as RequestInit),
      ...(options.allowInsecureLoopback && { execute: [oidc.allowInsecureRequests] }),
    });
    config.timeout = options.timeout;
    // The ID token comes over our own connection, which OpenID Core calls enough; behind a proxy that ends TLS it is not.
    oidc.enableNonRepudiationChecks(config);
    return config;
  } catch (cause) {
    throw new Fault("keycloak", `discovery of ${options.issuer}`, { cause });
  }
}
