import type { Command } from "commander";
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
import type { Claims } from "../../../core/index.ts";
import type { FetchRules } from "../../../http-client/index.ts";
import { type AskedLogin, type ListedIdentityProvider, makeDiscover } from "../../../realms/index.ts";
import { hasBrowser, openBrowser } from "../../browser.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { openLoopbackRedirect } from "../../loopback-redirect.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { formatTrouble } from "../../user/session/issuer.ts";
import { findListed, maybeEnvironment, optionalEnvironment, pathsArgument, readFiles, rulesOf } from "./files.ts";
import { guardedForLibrary } from "./guarded-for-library.ts";
import { findClient, readSecret, type TheirClient } from "./openid-client.ts";
import { decisionOf, formatDecision, formatJudged, judgeClaims } from "./seen-claims.ts";
import { formatRecheck, type TriedRecheck, tryRecheck } from "./tried-recheck.ts";

interface Options {
  readonly environment?: string;
  readonly policies: readonly string[];
  readonly port?: string;
  readonly fresh?: boolean;
  readonly output: string;
}

/** How long the tester has at the identity provider, in seconds. */
const patience = 600;

/** `cloudpass idp test-login` */
export function addTestLogin(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = pathsArgument(idp.command("test-login").argument("<id>", "the identity provider"));
  outputOption(optionalEnvironment(command))
    .description("log in at an identity provider with a browser, and see what it says of you; grants and keeps nothing")
    .option("-p, --policies <path...>", "policy files and folders, for the decision", ["policies"])
    .option("--fresh", "ask for proof anew, as a login that must be fresh does; default: as any other login")
    .option("--port <number>", "port of this machine for the way back; default: a free one")
    .addHelpText(
      "after",
      `
Asks for exactly what Keycloak asks for at every login (scopes, PKCE, how our client proves itself), and then asks again as a
refresh of the login does. It goes to the identity provider itself, without Keycloak: name the redirect URI
http://127.0.0.1/callback at it, or with --port exactly that one. OpenID Connect only.

Example:
  cloudpass idp test-login customer-a-idp --port 8400`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      const identityProvider = findListed(readFiles(paths), id, terminal);
      const rules = rulesOf(await maybeEnvironment(terminal, options.environment));
      const { claims, recheck } = await logIn(terminal, identityProvider, rules, options);
      const judged = judgeClaims(identityProvider.claims, claims);
      const decision = decisionOf(options.policies, identityProvider, judged, terminal.clock);
      if (options.output === "json") {
        show(
          terminal,
          JSON.stringify(
            { version: 1, claims, judged: judged.rows, overage: judged.overage, recheck, decision },
            undefined,
            2,
          ),
        );
      } else
        show(terminal, ...formatJudged(judged, claims), "", ...formatRecheck(recheck), "", ...formatDecision(decision));
      notify(terminal, "Nothing was granted, and nothing was kept.");
      const isWrong = judged.rows.some((row) => row.problem !== undefined) || (recheck.problem && recheck.isNeeded);
      finish(isWrong ? exitCodes.error : exitCodes.ok);
    });
}

/** What came of a test login. */
interface Tried {
  readonly claims: Claims;
  readonly recheck: TriedRecheck;
}

async function logIn(
  terminal: Terminal,
  identityProvider: ListedIdentityProvider,
  rules: FetchRules,
  { port, fresh }: Pick<Options, "port" | "fresh">,
): Promise<Tried> {
  const client = await findClient(identityProvider, rules);
  const asked = await identityProvider.asks(makeDiscover(rules)).catch((problem: unknown) => {
    throw formatTrouble(client.issuer, "looking up its endpoints", problem);
  });
  const configuration = configure(terminal, client, asked, identityProvider, rules);
  const door = await openLoopbackRedirect(port === undefined ? 0 : Number(port));
  const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
  try {
    const url = buildAuthorizationUrl(configuration, {
      ...asked.parameters,
      redirect_uri: door.redirectUri,
      scope: asked.scopes.join(" "),
      state: secrets.state,
      nonce: secrets.nonce,
      ...(asked.pkce && {
        code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
        code_challenge_method: "S256",
      }),
      ...(fresh === true && { prompt: "login" }),
    });
    notify(terminal, `Log in at ${plain(client.issuer)} as the tester:`, "", `    open   ${url.href}`, "");
    if (hasBrowser(terminal, process.platform)) openBrowser(terminal, url.href, process.platform);
    const fix = `see that ${door.redirectUri} may be returned to, and run it again`;
    const { callback, answer } = await door.arrival(terminal.clock, { seconds: patience, fix, state: secrets.state });
    await answer("test over");
    return await trade(configuration, new URL(callback, door.redirectUri), secrets, { asked, identityProvider });
  } catch (problem) {
    throw formatRefused(client, asked, problem) ?? formatTrouble(client.issuer, "the test login", problem);
  } finally {
    door.close();
  }
}

/** What Keycloak's people would see as an error page, in words for whoever can mend it. */
function formatRefused(client: TheirClient, { scopes }: AskedLogin, problem: unknown): CommandFailure | undefined {
  if (!(problem instanceof AuthorizationResponseError)) return undefined;
  const said = problem.error_description === undefined ? "" : `: ${plain(problem.error_description)}`;
  const isScope = problem.error === "invalid_scope" || problem.error === "invalid_request";
  return new CommandFailure(`${client.issuer} refused the login (${plain(problem.error)}${said})`, {
    means: `Keycloak asks for the same (${scopes.join(" ")}), so every real login would end like this one.`,
    ...(isScope && {
      fix: `there, allow our client ${plain(client.clientId)} these scopes; or name others under \`scopes\`, or set \`recheck: none\` if offline_access cannot be had`,
    }),
    cause: problem,
  });
}

/** The library with our client, on the guarded fetch: every address is of the customer's making. */
function configure(
  terminal: Terminal,
  client: TheirClient,
  asked: AskedLogin,
  identityProvider: ListedIdentityProvider,
  rules: FetchRules,
): Configuration {
  if (identityProvider.client === undefined)
    throw new CommandFailure(`${identityProvider.alias} has no client of ours`);
  const prove = { client_secret_post: ClientSecretPost, client_secret_basic: ClientSecretBasic }[asked.clientAuth];
  if (prove === undefined) {
    throw new CommandFailure(`our client proves itself by ${plain(asked.clientAuth)}, which only Keycloak can`, {
      fix: "try a real login of a tester: cloudpass login",
    });
  }
  const server = {
    ...client.server,
    ...(asked.authorizationUrl !== undefined && { authorization_endpoint: asked.authorizationUrl }),
    ...(asked.tokenUrl !== undefined && { token_endpoint: asked.tokenUrl }),
    ...(asked.userInfoUrl !== undefined && { userinfo_endpoint: asked.userInfoUrl }),
  };
  const secret = readSecret(identityProvider.client.secret, terminal).reveal();
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
): Promise<Tried> {
  const tokens = await authorizationCodeGrant(configuration, callback, {
    ...(asked.pkce && { pkceCodeVerifier: verifier }),
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const hasUserinfo = configuration.serverMetadata().userinfo_endpoint !== undefined;
  const more = hasUserinfo ? await fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? "") : {};
  const recheck = await tryRecheck(configuration, tokens, identityProvider.recheck);
  return { claims: { ...claims, ...more }, recheck };
}
