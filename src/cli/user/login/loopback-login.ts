import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { authorizationRequestLife } from "../../../core/index.ts";
import { openBrowser } from "../../browser.ts";
import { openLoopbackRedirect } from "../../loopback-redirect.ts";
import { formatCommand } from "../../settings.ts";
import { formatDuration, notify } from "../../terminal.ts";
import { formatTrouble } from "../session/issuer.ts";
import { proving } from "../session/proof-key.ts";
import type { LoginContext, LoginMethod } from "./login-method.ts";
import { formatLoginRefused } from "./refused.ts";

/**
 * Authorization code with PKCE on a loopback address (RFC 8252): the code comes back to this machine and this process, so
 * a link sent by somebody else logs nobody in.
 */
export const loopbackLogin: LoginMethod = async (context) => {
  const { configuration, issuer } = context;
  const redirect = await openLoopbackRedirect();
  try {
    const { redirectUri } = redirect;
    const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
    const url = await authorizationUrl(context, redirectUri, secrets);
    invite(context, url.href);
    const { callback, answer } = await redirect.arrival(context.terminal.clock, {
      seconds: authorizationRequestLife,
      state: secrets.state,
      fix: `run: ${formatCommand(context.settings, "login")}`,
    });
    try {
      const response = await authorizationCodeGrant(
        configuration,
        new URL(callback, redirectUri),
        { pkceCodeVerifier: secrets.verifier, expectedState: secrets.state, expectedNonce: secrets.nonce },
        undefined,
        proving(context.prover),
      );
      await context.keep({ response, askedAt: context.terminal.clock.now() });
      await answer("logged in");
    } catch (problem) {
      await answer("not logged in");
      throw formatRefusal(context, problem);
    }
  } catch (problem) {
    throw formatTrouble(issuer, "logging in with the browser", problem);
  } finally {
    redirect.close();
  }
};

async function authorizationUrl(
  { configuration, scope, prover, fresh }: LoginContext,
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
    ...(fresh && { prompt: "login" }),
    ...(prover && { dpop_jkt: await prover.calculateThumbprint() }),
  });
}

function invite({ terminal, events, issuer, settings }: LoginContext, url: string): void {
  events({ event: "authorization", issuer, url, expires_in: authorizationRequestLife });
  notify(
    terminal,
    `Logging in at ${issuer} with the browser of this machine. If it does not open by itself:`,
    "",
    `    open   ${url}`,
    "",
    `Waiting until you confirm there (${formatDuration(authorizationRequestLife)}). No browser here? Stop with Ctrl-C and run: ${formatCommand(settings, "login --device")}`,
  );
  if (!events.active) openBrowser(terminal, url, process.platform);
}

function formatRefusal({ events, settings }: LoginContext, problem: unknown): unknown {
  const refused = formatLoginRefused(settings, problem);
  if (refused) events({ event: "denied" });
  return refused ?? problem;
}
