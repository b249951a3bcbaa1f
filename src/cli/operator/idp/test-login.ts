import type { Command } from "commander";
import {
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
import type { FetchRules } from "../../../probe/index.ts";
import type { ListedUpstream } from "../../../realms/index.ts";
import { outputOption } from "../../commands/output.ts";
import type { Finish } from "../../commands/types.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import { hasBrowser, openBrowser } from "../../login/browser.ts";
import { openDoor } from "../../login/loopback-door.ts";
import { sayTrouble } from "../../session/issuer.ts";
import { show, type Terminal, tell } from "../../terminal.ts";
import { findListed, maybeEnvironment, optionalEnvironment, pathsArgument, readFiles, rulesOf } from "./files.ts";
import { guardedForLibrary } from "./guarded-for-library.ts";
import { findClient, readSecret, type TheirClient } from "./openid-client.ts";
import { decisionOf, judgeClaims, sayDecision, sayJudged } from "./seen-claims.ts";

interface Options {
  readonly environment?: string;
  readonly policies: readonly string[];
  readonly port?: string;
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
    .option("--port <number>", "port of this machine for the way back; default: a free one")
    .addHelpText(
      "after",
      `
The login goes to the identity provider itself, with our client there and without Keycloak: name the redirect URI
http://127.0.0.1/callback at it, or with --port exactly that one. OpenID Connect only.

Example:
  cloudpass idp test-login customer-a-idp --port 8400`,
    )
    .action(async (id: string, paths: string[], options: Options) => {
      const upstream = findListed(readFiles(paths), id, terminal);
      const rules = rulesOf(await maybeEnvironment(terminal, options.environment));
      const claims = await logIn(terminal, upstream, rules, options.port);
      const judged = judgeClaims(upstream.claims, claims);
      const decision = decisionOf(options.policies, upstream, judged, terminal.clock);
      if (options.output === "json") {
        show(
          terminal,
          JSON.stringify({ version: 1, claims, judged: judged.rows, overage: judged.overage, decision }, undefined, 2),
        );
      } else show(terminal, ...sayJudged(judged, claims), "", ...sayDecision(decision));
      tell(terminal, "Nothing was granted, and nothing was kept.");
      finish(judged.rows.some((row) => row.problem !== undefined) ? exitCodes.error : exitCodes.ok);
    });
}

async function logIn(
  terminal: Terminal,
  upstream: ListedUpstream,
  rules: FetchRules,
  port: string | undefined,
): Promise<Claims> {
  const client = await findClient(upstream, rules);
  const configuration = configure(terminal, client, upstream, rules);
  const door = await openDoor(port === undefined ? 0 : Number(port));
  const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
  try {
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: door.redirectUri,
      scope: (upstream.scopes ?? ["openid", "profile", "email"]).join(" "),
      state: secrets.state,
      nonce: secrets.nonce,
      code_challenge: await calculatePKCECodeChallenge(secrets.verifier),
      code_challenge_method: "S256",
      prompt: "login",
    });
    tell(terminal, `Log in at ${plain(client.issuer)} as the tester:`, "", `    open   ${url.href}`, "");
    if (hasBrowser(terminal, process.platform)) openBrowser(terminal, url.href, process.platform);
    const fix = `see that ${door.redirectUri} may be returned to, and run it again`;
    const { callback, answer } = await door.arrival(terminal.clock, { seconds: patience, fix, state: secrets.state });
    await answer("test over");
    return await trade(configuration, new URL(callback, door.redirectUri), secrets);
  } catch (problem) {
    throw problem instanceof CommandFailure ? problem : sayTrouble(client.issuer, "the test login", problem);
  } finally {
    door.close();
  }
}

/** The library with our client, on the guarded fetch: every address is of the customer's making. */
function configure(
  terminal: Terminal,
  client: TheirClient,
  upstream: ListedUpstream,
  rules: FetchRules,
): Configuration {
  if (upstream.client === undefined) throw new CommandFailure(`${upstream.alias} has no client of ours`);
  const secret = readSecret(upstream.client.secret, terminal).reveal();
  const prove = client.method === "client_secret_post" ? ClientSecretPost(secret) : ClientSecretBasic(secret);
  const configuration = new Configuration(client.server, client.clientId, {}, prove);
  configuration[customFetch] = guardedForLibrary(rules);
  if (client.issuer.startsWith("http:")) allowInsecureRequests(configuration);
  return configuration;
}

async function trade(
  configuration: Configuration,
  callback: URL,
  { verifier, state, nonce }: { verifier: string; state: string; nonce: string },
): Promise<Claims> {
  const tokens = await authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return { ...claims };
  return { ...claims, ...(await fetchUserInfo(configuration, tokens.access_token, claims?.sub ?? "")) };
}
