import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  AuthorizationResponseError,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { CommandFailure } from "../failure.ts";
import { sayTrouble } from "../session/issuer.ts";
import { proving } from "../session/proof-key.ts";
import { sayDuration, tell } from "../terminal.ts";
import { openBrowser } from "./browser.ts";
import type { FlowContext, LoginFlow, LoginTokens } from "./flow.ts";

/** How long the person has in the browser, in seconds; as long as the broker keeps the request. */
const patience = 900;
const path = "/callback";

/**
 * Authorization code with PKCE on a loopback address (RFC 8252): the code comes back to this machine and this process, so
 * a link sent by somebody else logs nobody in.
 */
export const loopbackFlow: LoginFlow = async (context) => {
  const { configuration, issuer } = context;
  const server = await listen();
  try {
    const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
    const url = await authorizationUrl(context, redirectUri, secrets);
    invite(context, url.href);
    const { callback, answer } = await arrival(server, context);
    try {
      const response = await authorizationCodeGrant(
        configuration,
        new URL(callback, redirectUri),
        { pkceCodeVerifier: secrets.verifier, expectedState: secrets.state, expectedNonce: secrets.nonce },
        undefined,
        proving(context.prover),
      );
      answer("Logged in", "Your terminal is logged in. You may close this page.");
      return { response, askedAt: context.terminal.clock.now() } satisfies LoginTokens;
    } catch (problem) {
      answer("Not logged in", "Your terminal says why. You may close this page.");
      throw sayRefusal(context, problem);
    }
  } catch (problem) {
    throw sayTrouble(issuer, "logging in with the browser", problem);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

async function listen(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return server;
}

async function authorizationUrl(
  { configuration, scope, prover }: FlowContext,
  redirectUri: string,
  { verifier, state, nonce }: { verifier: string; state: string; nonce: string },
): Promise<URL> {
  return buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...(prover && { dpop_jkt: await prover.calculateThumbprint() }),
  });
}

function invite({ terminal, events, issuer }: FlowContext, url: string): void {
  events({ event: "authorization", issuer, url, expires_in: patience });
  tell(
    terminal,
    `Logging in at ${issuer} with the browser of this machine. If it does not open by itself:`,
    "",
    `    open   ${url}`,
    "",
    `Waiting until you confirm there (${sayDuration(patience)}). No browser here? Stop with Ctrl-C and run: cloudpass login --device`,
  );
  if (!events.active) openBrowser(terminal, url, process.platform);
}

interface Arrival {
  readonly callback: string;
  /** Tells the person in the browser how it ended. */
  answer(title: string, says: string): void;
}

/** Waits for the browser to come back with a code or an error. Anything else that knocks is told there is nothing. */
async function arrival(server: Server, { terminal }: FlowContext): Promise<Arrival> {
  const done = new AbortController();
  const arrived = new Promise<Arrival>((resolve) => {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      if (request.method !== "GET" || pathname !== path || !(searchParams.has("code") || searchParams.has("error"))) {
        response.writeHead(404).end();
        return;
      }
      resolve({ callback: request.url ?? "", answer: (title, says) => say(response, title, says) });
    });
  });
  const late = terminal.clock.sleep(patience * 1000, done.signal).then(() => undefined);
  const first = await Promise.race([arrived, late]);
  done.abort();
  if (first) return first;
  throw new CommandFailure("nobody confirmed in time", { fix: "run: cloudpass login" });
}

function say(response: ServerResponse, title: string, says: string): void {
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    connection: "close",
  });
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${says}</p></html>`,
  );
}

function sayRefusal({ events }: FlowContext, problem: unknown): unknown {
  if (!(problem instanceof AuthorizationResponseError) || problem.error !== "access_denied") return problem;
  events({ event: "denied" });
  return new CommandFailure("the login was denied", {
    means: "Somebody pressed “refuse” on the confirmation page, or you have no rights anywhere.",
    fix: "if it was not you, tell your operator; else run: cloudpass login",
    cause: problem,
  });
}
