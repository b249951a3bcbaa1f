import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import type { Environment } from "../../config/index.ts";
import type { Claims, Clock, SaidClaims } from "../../core/index.ts";
import type { FetchRules } from "../../http-client/index.ts";
import type { Policy } from "../../policy/index.ts";
import { type AskedLogin, type ListedIdentityProvider, makeDiscover, type RealmFile } from "../../realms/index.ts";
import type { Lookup } from "../../yaml/index.ts";
import { OperationRefused } from "../refused.ts";
import { findListed, rulesOf } from "./files.ts";
import { guardedForLibrary } from "./guarded-for-library.ts";
import { findClient, readSecret, type TheirClient } from "./our-client.ts";
import { type Decision, decisionOf, type EvaluatedClaims, evaluateClaims } from "./seen-claims.ts";
import { TestLoginTrouble } from "./test-login-trouble.ts";
import { type TriedRecheck, tryRecheck } from "./tried-recheck.ts";

/** An address to which the tester's browser comes back. */
export interface Redirect {
  readonly redirectUri: string;
  /** Waits for the answer to the request with this `state`; `end` tells the person in the browser that it is over. */
  arrival(state: string): Promise<{ readonly callback: string; end(): Promise<void> }>;
  close(): void;
}

/** Which login is tried. */
export interface TestLogin {
  readonly files: readonly RealmFile[];
  readonly id: string;
  readonly environment?: Environment;
  /** Asks for proof anew, as a login that must be fresh does. */
  readonly fresh?: boolean;
  /** For the decision; asked for after the login. */
  readonly policy: () => Promise<Policy>;
}

/** What came of a test login. Nothing was granted, and nothing is kept. */
export interface TestedLogin {
  readonly claims: Claims;
  readonly evaluated: EvaluatedClaims;
  readonly recheck: TriedRecheck;
  readonly decision: Decision;
}

interface Deps {
  readonly clock: Clock;
  readonly lookup: Lookup;
  openRedirect(): Promise<Redirect>;
  /** Has the tester's browser open an address of this issuer. */
  showAddress(address: { readonly issuer: string; readonly url: string }): void;
}

/**
 * Logs in at an identity provider as Keycloak does, with the tester's browser, and answers what it says of the tester and
 * what the policy would decide. Throws `TestLoginTrouble` when it does not work.
 */
export async function testLogin(wanted: TestLogin, deps: Deps): Promise<TestedLogin> {
  const identityProvider = findListed(wanted.files, wanted.id, deps.lookup);
  const { said, recheck } = await logIn(identityProvider, wanted, deps);
  const evaluated = evaluateClaims(identityProvider.claims, { ...said, isReread: identityProvider.isReread });
  // Of one that both have, the ID token's is the one that Keycloak takes.
  const claims = { ...said.userinfo, ...said.idToken };
  return {
    claims,
    evaluated,
    recheck,
    decision: decisionOf(await wanted.policy(), identityProvider, evaluated, deps.clock),
  };
}

/** What the identity provider said in one login. */
interface HeardLogin {
  readonly said: SaidClaims;
  readonly recheck: TriedRecheck;
}

async function logIn(
  identityProvider: ListedIdentityProvider,
  { environment, fresh }: TestLogin,
  deps: Deps,
): Promise<HeardLogin> {
  const rules = rulesOf(environment);
  const client = await findClient(identityProvider, rules);
  const asked = await identityProvider.asks(makeDiscover(rules)).catch((problem: unknown) => {
    throw new TestLoginTrouble(client.issuer, "looking up its endpoints", problem);
  });
  const configuration = configure(deps.lookup, client, asked, identityProvider, rules);
  const redirect = await deps.openRedirect();
  const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
  try {
    const url = buildAuthorizationUrl(configuration, {
      ...asked.parameters,
      redirect_uri: redirect.redirectUri,
      scope: asked.scopes.join(" "),
      state: secrets.state,
      nonce: secrets.nonce,
      ...(asked.pkce && {
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: "S256",
      }),
      ...(fresh === true && { prompt: "login" }),
    });
    deps.showAddress({ issuer: client.issuer, url: url.href });
    const { callback, end } = await redirect.arrival(secrets.state);
    await end();
    return await trade(configuration, new URL(callback, redirect.redirectUri), secrets, { asked, identityProvider });
  } catch (problem) {
    throw refusedBy(client, asked, problem) ?? new TestLoginTrouble(client.issuer, "the test login", problem);
  } finally {
    redirect.close();
  }
}

/** What Keycloak's people would see as an error page, in words for whoever can mend it. */
function refusedBy(client: TheirClient, { scopes }: AskedLogin, problem: unknown): OperationRefused | undefined {
  if (!(problem instanceof AuthorizationResponseError)) return undefined;
  const said = problem.error_description === undefined ? "" : `: ${problem.error_description}`;
  const isScope = problem.error === "invalid_scope" || problem.error === "invalid_request";
  return new OperationRefused(`${client.issuer} refused the login (${problem.error}${said})`, {
    meaning: `Keycloak asks for the same (${scopes.join(" ")}), so every real login would end like this one.`,
    ...(isScope && {
      remedy: `there, allow our client ${client.clientId} these scopes; or name others under \`scopes\`, or set \`recheck: none\` if offline_access cannot be had`,
    }),
    cause: problem,
  });
}

/** The library with our client, on the guarded fetch: every address is of the customer's making. */
function configure(
  lookup: Lookup,
  client: TheirClient,
  asked: AskedLogin,
  identityProvider: ListedIdentityProvider,
  rules: FetchRules,
): Configuration {
  if (identityProvider.client === undefined)
    throw new OperationRefused(`${identityProvider.alias} has no client of ours`);
  const prove = { client_secret_post: ClientSecretPost, client_secret_basic: ClientSecretBasic }[asked.clientAuth];
  if (prove === undefined) {
    throw new OperationRefused(`our client proves itself by ${asked.clientAuth}, which only Keycloak can`, {
      remedy: "try a real login of a tester: cloudpass login",
    });
  }
  const server = {
    ...client.server,
    ...(asked.authorizationUrl !== undefined && { authorization_endpoint: asked.authorizationUrl }),
    ...(asked.tokenUrl !== undefined && { token_endpoint: asked.tokenUrl }),
    ...(asked.userInfoUrl !== undefined && { userinfo_endpoint: asked.userInfoUrl }),
  };
  const secret = readSecret(identityProvider.client.secret, lookup).reveal();
  const configuration = new Configuration(server, client.clientId, {}, prove(secret));
  configuration[customFetch] = guardedForLibrary(rules);
  if (client.issuer.startsWith("http:")) allowInsecureRequests(configuration);
  return configuration;
}

async function trade(
  configuration: Configuration,
  callback: URL,
  { verifier, state, nonce }: { verifier: string; state: string; nonce: string },
  { asked, identityProvider }: { asked: AskedLogin; identityProvider: ListedIdentityProvider },
): Promise<HeardLogin> {
  const tokens = await authorizationCodeGrant(configuration, callback, {
    ...(asked.pkce && { pkceCodeVerifier: verifier }),
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const idToken = tokens.claims();
  const hasUserinfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
  const userinfo = hasUserinfo
    ? await fetchUserInfo(configuration, tokens.access_token, idToken?.sub ?? "")
    : undefined;
  const recheck = await tryRecheck(configuration, tokens, identityProvider.recheck);
  return { said: { idToken, userinfo }, recheck };
}
