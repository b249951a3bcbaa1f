import type { Instant } from "../../../core/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import { formatDuration } from "../../terminal.ts";

/** Smaller differences are those of the network and of whole seconds; the issuer's own tolerance is six times that. */
export const smallestSkew = 10;

/** Answers of an issuer that carry its time. */
type Dated = Pick<Response, "headers">;

/**
 * How many seconds the issuer's clock is ahead of this machine's, by the `Date` of an answer (RFC 9110 section 6.6.1) and
 * its `Age`, if a cache on the way had it; negative when it is behind, `undefined` when the answer does not say.
 */
export function skewOf({ headers }: Dated, now: Instant): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  const age = Number(headers.get("age") ?? 0);
  if (Number.isNaN(date)) return undefined;
  return Math.round(date / 1000 + (age > 0 ? age : 0) - now);
}

/** "3 min ahead of" or "1 h behind": this machine's clock beside the issuer's. */
export const formatSkew = (skew: number): string =>
  `${formatDuration(Math.abs(skew))} ${skew < 0 ? "ahead of" : "behind"}`;

/** A proof of the login's key was refused: most often a clock is wrong, and then no new login would help. */
export function formatProofRefusal(
  issuer: string,
  doing: string,
  answer: Dated | undefined,
  now: Instant,
): CommandFailure {
  const skew = answer === undefined ? undefined : skewOf(answer, now);
  const happened = `${plain(issuer)} refused a proof of your login's key while ${doing}`;
  if (skew !== undefined && Math.abs(skew) >= smallestSkew) {
    return new CommandFailure(happened, {
      means: `The clock of this machine is ${formatSkew(skew)} the issuer's.`,
      fix: "set the clock of this machine; your login is not lost, and you need no new one",
    });
  }
  return new CommandFailure(happened, {
    means: "The clock of this machine agrees with the issuer's, or the issuer does not tell its time.",
    fix: "check the clock of this machine and run it again; if it lasts, tell the operator of the broker",
  });
}

/** True for a 401 that is about the proof and not about the token (RFC 9449 section 7.1). */
export const refusesProof = ({ headers }: Dated): boolean =>
  /\binvalid_dpop_proof\b/.test(headers.get("www-authenticate") ?? "");
