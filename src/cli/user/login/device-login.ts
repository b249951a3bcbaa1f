import {
  calculatePKCECodeChallenge,
  type DeviceAuthorizationResponse,
  genericGrantRequest,
  initiateDeviceAuthorization,
  ResponseBodyError,
  randomPKCECodeVerifier,
} from "openid-client";
import { every } from "../../../core/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { fold, lineInPlace, screenOf } from "../../screen.ts";
import { formatCommand } from "../../settings.ts";
import { ask, canRedraw, isInteractive, notify, notifyStrong, paint, type Terminal } from "../../terminal.ts";
import { formatTrouble } from "../session/issuer.ts";
import { proving } from "../session/proof-key.ts";
import { isUnreachable, statusOf } from "../session/unreachable.ts";
import { formatVerification, formatWaiting, formatWaitingShortly, type Verification } from "./format-verification.ts";
import type { LoginContext, LoginMethod, LoginTokens } from "./login-method.ts";
import { formatLoginRefused } from "./refused.ts";

/** A device login that was begun: it can be shown, and waited for. */
export interface BegunDevice {
  readonly pending: Verification;
  readonly response: DeviceAuthorizationResponse;
  readonly verifier: string;
}

/** The device authorization grant (RFC 8628) with PKCE (RFC 7636): a stolen device code alone redeems nothing. */
export const deviceLogin: LoginMethod = async (context) => {
  for (;;) {
    const begun = await beginDevice(context);
    showDevice(context, begun.pending);
    const tokens = await waitForApproval(context, begun, new AbortController().signal);
    if (tokens !== undefined) return context.keep(tokens);
    await offerAgain(context);
  }
};

/** Asks for a code, and tells a program of it. */
export async function beginDevice(context: LoginContext): Promise<BegunDevice> {
  const verifier = randomPKCECodeVerifier();
  const response = await start(context, await calculatePKCECodeChallenge(verifier));
  return { pending: announce(context, response), response, verifier };
}

async function start(
  { configuration, issuer, scope, prover }: LoginContext,
  challenge: string,
): Promise<DeviceAuthorizationResponse> {
  const parameters = {
    scope,
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...(prover && { dpop_jkt: await prover.calculateThumbprint() }),
  };
  if (configuration.serverMetadata().device_authorization_endpoint === undefined) {
    throw new CommandFailure(`${issuer} has no device login`, {
      means: "Its metadata names no device_authorization_endpoint.",
      fix: "check that the address is a cloudpass broker's",
    });
  }
  return initiateDeviceAuthorization(configuration, parameters).catch((problem: unknown) => {
    throw formatTrouble(issuer, "asking for a login code", problem);
  });
}

function announce(context: LoginContext, response: DeviceAuthorizationResponse): Verification {
  const { terminal, events, issuer } = context;
  const pending: Verification = {
    issuer,
    userCode: response.user_code,
    verificationUri: webAddress(response.verification_uri, issuer),
    verificationUriComplete:
      response.verification_uri_complete === undefined
        ? undefined
        : webAddress(response.verification_uri_complete, issuer),
    endsAt: terminal.clock.now() + response.expires_in,
  };
  events({
    event: "verification",
    issuer,
    user_code: pending.userCode,
    verification_uri: pending.verificationUri,
    ...(pending.verificationUriComplete !== undefined && {
      verification_uri_complete: pending.verificationUriComplete,
    }),
    expires_in: response.expires_in,
    interval: response.interval ?? 5,
  });
  return pending;
}

/** A link that is shown, and may be clicked, must lead to the web and nowhere else. */
function webAddress(text: string, issuer: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "https:" || (url?.protocol === "http:" && issuer.startsWith("http:"))) return url.href;
  throw new CommandFailure(`${issuer} answered with a link that is not a web address`, {
    fix: "do not go on; tell the operator of the broker",
  });
}

/**
 * Polls until the person decides; `undefined` when the code expired, or another way was quicker. A poll that is under way is
 * not broken off then: the issuer may have given tokens that nobody would know of.
 */
export async function waitForApproval(
  context: LoginContext,
  { response, pending, verifier }: BegunDevice,
  signal: AbortSignal,
): Promise<LoginTokens | undefined> {
  const { terminal, issuer } = context;
  const stopCounting = countDown(context, pending, signal);
  let interval = response.interval ?? 5;
  // Half as often while it cannot be reached (RFC 8628 section 3.5).
  let pause = interval;
  try {
    for (;;) {
      const left = Math.max(0, pending.endsAt - terminal.clock.now());
      await terminal.clock.sleep(Math.min(pause, left) * 1000, signal);
      if (signal.aborted || pending.endsAt <= terminal.clock.now()) return undefined;
      const outcome = await poll(context, response.device_code, verifier);
      pause = interval;
      if (outcome.kind === "tokens") return { response: outcome.response, askedAt: terminal.clock.now() };
      if (outcome.kind === "expired") return undefined;
      if (outcome.kind === "refused") throw formatPollRefusal(context, outcome.problem);
      if (outcome.kind === "slow_down") {
        interval += slower;
        pause = interval;
      }
      if (outcome.kind === "away") {
        pause = 2 * interval;
        stopCounting.interrupt(`${issuer} does not answer at the moment; trying again until the code expires …`);
      }
    }
  } finally {
    stopCounting();
  }
}

/** By so many seconds each `slow_down` lengthens the interval (RFC 8628 section 3.5). */
const slower = 5;

type PollOutcome =
  | { readonly kind: "tokens"; readonly response: LoginTokens["response"] }
  | { readonly kind: "expired" | "away" | "pending" | "slow_down" }
  | { readonly kind: "refused"; readonly problem: unknown };

const answers: Readonly<Record<string, "expired" | "pending" | "slow_down">> = {
  expired_token: "expired",
  authorization_pending: "pending",
  slow_down: "slow_down",
};

async function poll({ configuration, prover }: LoginContext, code: string, verifier: string): Promise<PollOutcome> {
  try {
    const parameters = { device_code: code, code_verifier: verifier };
    const tokens = await genericGrantRequest(configuration, deviceGrant, parameters, proving(prover));
    return { kind: "tokens", response: tokens };
  } catch (problem) {
    const said = problem instanceof ResponseBodyError ? answers[problem.error] : undefined;
    if (said !== undefined) return { kind: said };
    // A broker being restarted must not end a login that the person is about to approve.
    if (isUnreachable(problem) || (statusOf(problem) ?? 0) >= 500) return { kind: "away" };
    return { kind: "refused", problem };
  }
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

function formatPollRefusal({ issuer, settings, events }: LoginContext, problem: unknown): CommandFailure {
  const refused = formatLoginRefused(settings, problem);
  events({ event: refused ? "denied" : "failed" });
  if (refused) return refused;
  return formatTrouble(issuer, "waiting for your approval", problem);
}

function showDevice({ terminal, qr, why }: LoginContext, pending: Verification): void {
  const { before, picture, after } = formatVerification({ ...pending, why }, qr, screenOf(terminal));
  notify(terminal, ...before);
  // Black on white in dark and light terminals alike.
  if (canRedraw(terminal)) paint(terminal, picture);
  else notify(terminal, ...picture.map((line) => `    ${line}`));
  if (picture.length > 0) notify(terminal, "");
  notifyWithCode(terminal, after, pending.userCode);
}

/** The line with the code stands out: it is what the person compares. */
export function notifyWithCode(terminal: Terminal, lines: readonly string[], userCode: string): void {
  const code = plain(userCode);
  for (const line of lines) {
    const end = line.startsWith("    code") ? line.indexOf(code) + code.length : 0;
    if (end > 0) notifyStrong(terminal, line.slice(0, end), line.slice(end));
    else notify(terminal, line);
  }
}

/** Shows what is awaited; on a terminal the time left runs down in place. */
function countDown(
  { terminal, events }: LoginContext,
  pending: Verification,
  signal: AbortSignal,
): (() => void) & { interrupt(text: string): void } {
  const now = () => terminal.clock.now();
  const inPlace = canRedraw(terminal) && !events.active;
  if (!inPlace) notify(terminal, `${formatWaiting(pending, now())} …`);
  let line = inPlace ? lineInPlace(terminal, () => formatWaitingShortly(pending, now())) : undefined;
  const stop = line === undefined ? () => {} : every(1000, line.draw);
  let interrupted = false;
  const end = () => {
    stop();
    line?.stop();
    line = undefined;
  };
  signal.addEventListener("abort", end, { once: true });
  return Object.assign(
    () => {
      signal.removeEventListener("abort", end);
      end();
    },
    {
      interrupt: (text: string) => {
        if (interrupted) return;
        interrupted = true;
        line?.erase();
        notify(terminal, ...fold(text, screenOf(terminal).columns));
      },
    },
  );
}

/** Nobody came in time: whoever sits there is asked whether to go on; else it is over. */
export async function offerAgain(
  { terminal, events, settings }: LoginContext,
  { over, again }: { readonly over: string; readonly again: string } = { over: "the code has expired", again: "code" },
): Promise<void> {
  events({ event: "expired" });
  if (!events.active && isInteractive(terminal)) {
    notify(terminal, `${over.replace(/^./, (first) => first.toUpperCase())}: nobody approved in time.`);
    await ask(terminal, `Press Enter for a new ${again}, Ctrl-C to stop. `);
    return;
  }
  throw new CommandFailure(over, {
    means: "Nobody approved in time.",
    fix: `run: ${formatCommand(settings, "login")}`,
  });
}
