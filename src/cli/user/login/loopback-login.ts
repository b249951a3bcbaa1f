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
import { type Arrival, openLoopbackRedirect } from "../../loopback-redirect.ts";
import { fold, screenOf } from "../../screen.ts";
import { formatCommand } from "../../settings.ts";
import { formatDuration, notify } from "../../terminal.ts";
import { formatTrouble } from "../session/issuer.ts";
import { proving } from "../session/proof-key.ts";
import { offerAgain } from "./device-login.ts";
import type { LoginContext, LoginMethod } from "./login-method.ts";
import { formatLoginRefused } from "./refused.ts";

/** A login by the browser of this machine that was begun. */
export interface BegunLoopback {
  /** The authorization request. */
  readonly url: string;
  /** A short address on this machine that leads there. */
  readonly link: string;
  /** Waits for the browser to come back; `undefined` when it did not in time, or another way was quicker. */
  arrival(seconds: number, signal: AbortSignal): Promise<Arrival | undefined>;
  /** Redeems what it came with, and tells the person in the browser how it ended. */
  finish(arrival: Arrival): Promise<void>;
  close(): void;
}

/**
 * Authorization code with PKCE on a loopback address (RFC 8252): the code comes back to this machine and this process, so
 * a link sent by somebody else logs nobody in.
 */
export const loopbackLogin: LoginMethod = async (context) => {
  const begun = await beginLoopback(context);
  try {
    for (;;) {
      invite(context, begun);
      const arrival = await begun.arrival(authorizationRequestLife, new AbortController().signal);
      if (arrival !== undefined) return await begun.finish(arrival);
      await offerAgain(context, { over: "nobody confirmed in time", again: "attempt" });
    }
  } catch (problem) {
    throw formatTrouble(context.issuer, "logging in with the browser", problem);
  } finally {
    begun.close();
  }
};

/** Opens a port for the way back, and makes the request that leads there. */
export async function beginLoopback(context: LoginContext): Promise<BegunLoopback> {
  const { clock } = context.terminal;
  const redirect = await openLoopbackRedirect(context.callbackPort);
  const secrets = { verifier: randomPKCECodeVerifier(), state: randomState(), nonce: randomNonce() };
  const url = await authorizationUrl(context, redirect.redirectUri, secrets);
  return {
    url: url.href,
    link: redirect.shortLink(url.href),
    arrival: (seconds, signal) => redirect.arrivalOrNone(clock, { seconds, state: secrets.state, signal }),
    finish: async ({ callback, answer }) => {
      try {
        const response = await authorizationCodeGrant(
          context.configuration,
          new URL(callback, redirect.redirectUri),
          { pkceCodeVerifier: secrets.verifier, expectedState: secrets.state, expectedNonce: secrets.nonce },
          undefined,
          proving(context.prover),
        );
        await context.keep({ response, askedAt: clock.now() });
        await answer("logged in");
      } catch (problem) {
        await answer("not logged in");
        throw formatRefusal(context, problem);
      }
    },
    close: () => redirect.close(),
  };
}

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

function invite(context: LoginContext, { url, link }: BegunLoopback): void {
  const { terminal, events, issuer, settings, why } = context;
  events({ event: "authorization", issuer, url, expires_in: authorizationRequestLife });
  const { columns } = screenOf(terminal);
  const waiting = `Waiting until you confirm there (${formatDuration(authorizationRequestLife)}). No browser here? Stop with Ctrl-C and run: ${formatCommand(settings, "login --device")}`;
  notify(
    terminal,
    ...fold(
      `Logging in at ${issuer} with the browser of this machine: ${why}. If it does not open by itself:`,
      columns,
    ),
    "",
    `    open   ${link}`,
    "",
    ...fold(waiting, columns),
  );
  if (!events.active) openBrowser(terminal, link, process.platform);
}

function formatRefusal({ events, settings }: LoginContext, problem: unknown): unknown {
  const refused = formatLoginRefused(settings, problem);
  if (refused) events({ event: "denied" });
  return refused ?? problem;
}
