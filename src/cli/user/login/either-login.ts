import { authorizationRequestLife } from "../../../core/index.ts";
import { openBrowser } from "../../browser.ts";
import { CommandFailure } from "../../failure.ts";
import type { Arrival } from "../../loopback-redirect.ts";
import { screenOf } from "../../screen.ts";
import { notify } from "../../terminal.ts";
import { formatTrouble } from "../session/issuer.ts";
import { type BegunDevice, beginDevice, notifyWithCode, offerAgain, waitForApproval } from "./device-login.ts";
import { formatEither } from "./format-verification.ts";
import type { LoginContext, LoginMethod, LoginTokens } from "./login-method.ts";
import { type BegunLoopback, beginLoopback } from "./loopback-login.ts";

/**
 * Both ways at once, whichever the person finishes: a browser that is opened here may show nothing (no screen after all, a
 * container, WSL), and then a login that knows no other way would wait for nobody.
 */
export const eitherLogin: LoginMethod = async (context) => {
  const browser = await beginLoopback(context);
  try {
    let isOpened = !context.opens;
    for (;;) {
      const device = await beginDevice(context).catch((problem: unknown) => without(context, problem));
      invite(context, browser, device);
      if (!isOpened) openBrowser(context.terminal, browser.link, process.platform);
      isOpened = true;
      const first = await firstOf(context, browser, device);
      if (first?.kind === "browser") return await browser.finish(first.arrival);
      if (first?.kind === "device") return await context.keep(first.tokens);
      await offerAgain(context);
    }
  } catch (problem) {
    throw formatTrouble(context.issuer, "logging in", problem);
  } finally {
    browser.close();
  }
};

/** A broker that gives no code now may still take the browser. One that is away takes neither. */
function without({ terminal }: LoginContext, problem: unknown): undefined {
  if (!(problem instanceof CommandFailure) || problem.exitCode !== 1) throw problem;
  notify(terminal, `There is no code besides: ${problem.message}.`);
  return undefined;
}

function invite({ terminal, issuer, why, opens }: LoginContext, { link }: BegunLoopback, device?: BegunDevice): void {
  const lines = formatEither({ link, opens }, device?.pending, { issuer, why }, screenOf(terminal));
  notifyWithCode(terminal, lines, device?.pending.userCode ?? "");
}

type First =
  | { readonly kind: "browser"; readonly arrival: Arrival }
  | { readonly kind: "device"; readonly tokens: LoginTokens };

/** The way that is finished first; `undefined` when neither was in time. The other one is given up. */
async function firstOf(
  context: LoginContext,
  browser: BegunLoopback,
  device: BegunDevice | undefined,
): Promise<First | undefined> {
  const over = new AbortController();
  const life = device === undefined ? authorizationRequestLife : device.response.expires_in;
  const ways = [
    browser.arrival(life, over.signal).then((arrival): First | undefined => arrival && { kind: "browser", arrival }),
    ...(device === undefined
      ? []
      : [
          waitForApproval(context, device, over.signal).then(
            (tokens): First | undefined => tokens && { kind: "device", tokens },
          ),
        ]),
  ];
  let winner: First | undefined;
  try {
    winner = await Promise.race([
      // A way that is over without an end leaves it to the other one.
      ...ways.map((way) => way.then((first) => first ?? new Promise<never>(() => {}))),
      Promise.all(ways).then((ended) => ended.find((first) => first !== undefined)),
    ]);
    return winner;
  } finally {
    over.abort();
    // Where both were confirmed, no login may be left that nobody knows of.
    const dropLate = (first: First | undefined) =>
      first !== winner && first?.kind === "device" ? context.drop(first.tokens) : undefined;
    for (const way of ways) void way.then(dropLate, () => undefined);
  }
}
