import { formatScope, type Scope } from "../../core/index.ts";
import { type FailureWords, plain } from "../failure.ts";
import { formatCommand, type Settings } from "../settings.ts";
import type { WithheldRight } from "./session/targets.ts";

/** Why a login carries less than its person has. */
const reasons = {
  device: "a login with a code does not carry it",
  apart: "the login was confirmed away from this machine",
} as const;

/** What to do to get a right that is withheld. */
export function wayTo({ flow }: WithheldRight, settings: Settings): string {
  const login = `run: ${formatCommand(settings, "login")}`;
  return flow === "device"
    ? `${login} --browser; if this machine has no browser, ask your operator`
    : `${login}, with terminal and browser on one network`;
}

/** A withheld right in words, with the reason. */
export const formatWithheld = ({ role, scope, target, flow }: WithheldRight): string =>
  `${plain(role)} on ${plain(formatScope(scope))} of ${plain(target)}: ${reasons[flow]}`;

/** A withheld right as a failure for want of it is told. */
export interface Missing extends FailureWords {
  readonly scope: Scope;
}

/** The rights on a target that the login does not carry, each with its words. */
export const missingOn = (target: string, withheld: readonly WithheldRight[], settings: Settings): Missing[] =>
  withheld
    .filter((right) => right.target === target)
    .map((right) => ({
      scope: right.scope,
      means: `You have ${formatWithheld(right)}.`,
      fix: wayTo(right, settings),
    }));
