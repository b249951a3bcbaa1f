import { sayScope } from "../core/index.ts";
import { plain } from "./failure.ts";
import type { WithheldRight } from "./session/targets.ts";

/** Why a login carries less than its person has, and what to do. */
const ways = {
  device: {
    because: "a login with a code does not carry it",
    fix: "run: cloudpass login --browser; if this machine has no browser, ask your operator",
  },
  apart: {
    because: "the login was confirmed away from this machine",
    fix: "run: cloudpass login, with terminal and browser on one network",
  },
} as const;

/** What to do to get a right that is withheld. */
export const wayTo = ({ flow }: WithheldRight): string => ways[flow].fix;

/** A withheld right in words, with the reason. */
export const sayWithheld = ({ role, scope, target, flow }: WithheldRight): string =>
  `${plain(role)} on ${plain(sayScope(scope))} of ${plain(target)}: ${ways[flow].because}`;
