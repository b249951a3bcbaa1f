import {
  allowInsecureRequests,
  Configuration,
  type CustomFetch,
  clockSkew,
  customFetch,
  discovery,
  None,
  ResponseBodyError,
} from "openid-client";
import { refreshTimes, systemClock } from "../../../core/index.ts";
import { createFetch } from "../../../http-client/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Settings } from "../../settings.ts";
import { formatProofRefusal, skewOf, smallestSkew } from "./clock-skew.ts";
import { clientId } from "./kept-login.ts";
import { codeOf, fixUnreachable, isUnreachable, reasonOf, statusOf } from "./unreachable.ts";

/** An issuer's endpoints, and how far its clock is ahead of this machine's, in seconds (0 when the same or not told). */
export interface Found {
  readonly configuration: Configuration;
  readonly skew: number;
}

/** Makes requests under the program's own name: people read it on the confirmation page, operators in logs. */
const named =
  (userAgent: string, ask: ReturnType<typeof createFetch>): CustomFetch =>
  (asked, options) =>
    ask(asked, { ...options, headers: { ...options.headers, "user-agent": userAgent } } as RequestInit);

/**
 * Finds the issuer's endpoints (OpenID Connect Discovery, else RFC 8414). Proofs and ID tokens are made and checked by the
 * issuer's clock as its answer tells it: on a laptop that slept, or a board without a battery, ours may be hours off.
 */
export async function discover(settings: Settings, userAgent: string): Promise<Found> {
  const url = new URL(settings.issuer);
  const execute = url.protocol === "http:" ? [allowInsecureRequests] : [];
  const timeout = refreshTimes.wait;
  let skew = 0;
  const ask = named(userAgent, createFetch());
  const watched: CustomFetch = async (asked, options) => {
    // An answer out of somebody's cache would tell the time of yesterday.
    const headers = { ...options.headers, "cache-control": "no-cache" };
    const answer = await ask(asked, { ...options, headers });
    const told = skewOf(answer, systemClock.now()) ?? 0;
    skew = Math.abs(told) < smallestSkew ? 0 : told;
    return answer;
  };
  const find = (algorithm: "oidc" | "oauth2") =>
    discovery(url, clientId, undefined, None(), { algorithm, execute, timeout, [customFetch]: watched });
  const found = await find("oidc")
    .catch((problem: unknown) =>
      codeOf(problem) === "OAUTH_RESPONSE_IS_NOT_CONFORM" ? find("oauth2") : Promise.reject(problem),
    )
    .catch((problem: unknown) => {
      if (codeOf(problem) === "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED")
        throw anotherIssuer(settings.issuer, saidIn(problem));
      throw formatTrouble(settings.issuer, "looking up its endpoints", problem);
    });
  const server = found.serverMetadata();
  if (server.issuer !== settings.issuer) throw anotherIssuer(settings.issuer, server.issuer);
  const configuration = new Configuration(server, clientId, { [clockSkew]: skew }, None());
  configuration.timeout = timeout;
  configuration[customFetch] = ask;
  for (const extend of execute) extend(configuration);
  return { configuration, skew };
}

/** RFC 8414 section 3.3: the same to the letter, or somebody stands in for the issuer. The library lets `HTTPS://` and `/` pass. */
const anotherIssuer = (asked: string, said: string): CommandFailure =>
  new CommandFailure(`${asked} says that it is another issuer`, {
    means: `Its metadata names ${plain(said)}.`,
    fix: "check that the address is exactly the issuer's, and that it is a cloudpass broker",
  });

/** The issuer in metadata that the library refused for it. */
function saidIn(problem: unknown): string {
  const cause =
    problem instanceof Error ? (problem.cause as { readonly body?: { readonly issuer?: unknown } }) : undefined;
  return String(cause?.body?.issuer ?? "another one");
}

/** Makes a failure of what a request to the issuer ended with. */
export function formatTrouble(issuer: string, doing: string, problem: unknown): CommandFailure {
  if (problem instanceof CommandFailure) return problem;
  const status = statusOf(problem);
  if (status !== undefined && status >= 500) {
    return new CommandFailure(`${issuer} answered ${status} while ${doing}`, {
      means: "The broker or something behind it is out of order.",
      fix: "try again in a moment; if it lasts, tell the operator of the broker",
      exitCode: exitCodes.unreachable,
      cause: problem,
    });
  }
  if (problem instanceof ResponseBodyError && problem.error === "invalid_dpop_proof") {
    return formatProofRefusal(issuer, doing, problem.response, systemClock.now());
  }
  if (problem instanceof ResponseBodyError) {
    const description = problem.error_description === undefined ? "" : `: ${plain(problem.error_description)}`;
    return new CommandFailure(`${issuer} refused while ${doing}`, {
      means: `It says: ${plain(problem.error)}${description}`,
      cause: problem,
    });
  }
  if (isUnreachable(problem)) {
    return new CommandFailure(`${issuer} cannot be reached (${reasonOf(problem)})`, {
      means: `That was needed for ${doing}.`,
      fix: fixUnreachable(issuer, reasonOf(problem)),
      exitCode: exitCodes.unreachable,
      cause: problem,
    });
  }
  return new CommandFailure(`the answer of ${issuer} makes no sense while ${doing}`, {
    means: `${plain(problem instanceof Error ? problem.message : "unknown error")} (${String(codeOf(problem) ?? "no code")})`,
    fix: "check that the address is exactly the issuer's, and that it is a cloudpass broker",
    cause: problem,
  });
}
