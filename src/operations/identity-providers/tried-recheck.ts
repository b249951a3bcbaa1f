import {
  type Configuration,
  fetchUserInfo,
  ResponseBodyError,
  refreshTokenGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
  WWWAuthenticateChallengeError,
} from "openid-client";
import type { Recheck } from "../../realms/index.ts";

/** Whether the identity provider can be asked again, as every refresh of a login asks it. */
export interface TriedRecheck {
  readonly recheck: Recheck;
  /** Without an answer no login is renewed. */
  readonly isNeeded: boolean;
  /** Why it cannot; absent: it can, or is never asked. */
  readonly problem?: string;
}

/** Renews the tokens and reads userinfo with the new one: what Keycloak and the broker do between two logins. */
export async function tryRecheck(
  configuration: Configuration,
  tokens: TokenEndpointResponse & TokenEndpointResponseHelpers,
  recheck: Recheck,
): Promise<TriedRecheck> {
  const about = { recheck, isNeeded: recheck === "required" };
  if (recheck === "none") return about;
  if (configuration.serverMetadata().userinfo_endpoint === undefined) {
    return { ...about, problem: "it has no userinfo, where claims could be read again" };
  }
  if (tokens.refresh_token === undefined) {
    return { ...about, problem: "it gave no refresh token: allow our client offline access there" };
  }
  try {
    const renewed = await refreshTokenGrant(configuration, tokens.refresh_token);
    await fetchUserInfo(configuration, renewed.access_token, tokens.claims()?.sub ?? "");
    return about;
  } catch (problem) {
    if (problem instanceof ResponseBodyError) return { ...about, problem: `it says ${problem.error}` };
    if (problem instanceof WWWAuthenticateChallengeError)
      return { ...about, problem: "userinfo refuses the new token" };
    throw problem;
  }
}
