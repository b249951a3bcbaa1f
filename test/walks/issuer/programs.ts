import * as oidc from "openid-client";
import { resource } from "../../support/clients.ts";
import type { Person } from "./person.ts";
import { callback, clientSecret, type World } from "./world.ts";

// Programs of people, by openid-client as released: it checks the answers as strictly as the standards ask.

/** What a login leaves. */
export type Tokens = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;

/** Scopes of a login that can be renewed. */
export const scope = "openid profile groups offline_access";

/** A client of the issuer, its endpoints found by discovery. */
export const clientOf = (
  { stack }: World,
  id: string,
  proves: oidc.ClientAuth = oidc.None(),
): Promise<oidc.Configuration> => oidc.discovery(new URL(stack.issuer), id, undefined, proves);

/** The dashboard: it has a secret. */
export const dashboardClient = (world: World): Promise<oidc.Configuration> =>
  clientOf(world, "dashboard", oidc.ClientSecretBasic(clientSecret));

/** A device login; `key` binds it. */
export async function deviceLogin(config: oidc.Configuration, person: Person, key?: oidc.DPoPHandle): Promise<Tokens> {
  const started = await oidc.initiateDeviceAuthorization(config, { scope });
  const polling = oidc.pollDeviceAuthorizationGrant(config, started, undefined, key && { DPoP: key });
  // Who gives up on the page must not leave a poll behind that nobody awaits.
  polling.catch(() => undefined);
  await person.approveDevice(String(started.verification_uri_complete));
  return polling;
}

/** A login by authorization code with PKCE. `pushed`: by a pushed request (RFC 9126). Answers the browser's way back, too. */
export async function codeLogin(
  config: oidc.Configuration,
  person: Person,
  { pushed = false } = {},
): Promise<{ readonly tokens: Tokens; readonly back: URL; readonly to: URL }> {
  const verifier = oidc.randomPKCECodeVerifier();
  const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
  const request = {
    ...{ redirect_uri: callback, scope, state: expectedState, nonce: expectedNonce },
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  };
  const to = await (pushed ? oidc.buildAuthorizationUrlWithPAR : oidc.buildAuthorizationUrl)(config, request);
  const back = await person.approveProgram(to.href, callback);
  const checks = { pkceCodeVerifier: verifier, expectedState, expectedNonce, idTokenExpected: true };
  return { tokens: await oidc.authorizationCodeGrant(config, back, checks), back, to };
}

/** Renews a login. */
export const renew = (
  config: oidc.Configuration,
  { refresh_token: refreshToken = "" }: Pick<Tokens, "refresh_token">,
  key?: oidc.DPoPHandle,
  target?: string,
): Promise<Tokens> =>
  oidc.refreshTokenGrant(
    config,
    refreshToken,
    target === undefined ? {} : { resource: resource(target) },
    key && { DPoP: key },
  );

/** The OAuth error with which something is refused; `accepted` when it is not. */
export async function refusalOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
    return "accepted";
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError) return error.error;
    throw error;
  }
}
