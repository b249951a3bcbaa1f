import { expect, test } from "vitest";
import { instant } from "../../../src/core/index.ts";
import type { Session } from "../../../src/http/index.ts";
import type { PendingAuthorization } from "../../../src/issuer/authorize/pending-authorization.ts";
import { mustSignInAgain } from "../../../src/issuer/authorize/sign-in.ts";
import { heldClock } from "../../support/held-clock.ts";
import { somebody } from "./kit.ts";

const start = instant(1_800_000_000);
const clock = heldClock(start);
/** Seconds before (or after) now: when the session began here, when the person proved who it is at the realm, when the request came. */
interface Moments {
  readonly session: number;
  readonly proved: number | undefined;
  readonly request: number;
}

const asks = (request: object, { session, proved, request: came }: Moments) => {
  const { authTime: _usual, ...ann } = somebody("ann");
  const person = proved === undefined ? ann : { ...ann, authTime: instant(start + proved) };
  const flow = { request, startedAt: start + came } as PendingAuthorization;
  return mustSignInAgain(clock, flow, { person, startedAt: start + session } as Session);
};

test.each<[string, object, Moments, boolean]>([
  ["nothing asks for it", {}, { session: -9_000, proved: -9_000, request: -1 }, false],
  ["prompt=login, with a session from before", { prompt: "login" }, { session: -9, proved: -9, request: -8 }, true],
  ["prompt=login, after a sign-in", { prompt: "login" }, { session: -5, proved: -5, request: -60 }, false],
  [
    "prompt=login, with a new session that the realm only remembered",
    { prompt: "login" },
    { session: -5, proved: -600, request: -60 },
    true,
  ],
  ["max_age, young enough", { maxAge: 600 }, { session: -600, proved: -600, request: -1 }, false],
  ["max_age, a second too old", { maxAge: 600 }, { session: -601, proved: -601, request: -1 }, true],
  [
    "max_age, a young session of an old sign-in at the realm",
    { maxAge: 600 },
    { session: -10, proved: -900, request: -60 },
    true,
  ],
  ["max_age, when the realm did not say", { maxAge: 600 }, { session: -1, proved: undefined, request: -60 }, true],
  [
    "prompt=login, when the realm did not say",
    { prompt: "login" },
    { session: -5, proved: undefined, request: -60 },
    true,
  ],
  ["nothing asks for it, and the realm did not say", {}, { session: -5, proved: undefined, request: -60 }, false],
  ["max_age=0, after a sign-in a minute ago", { maxAge: 0 }, { session: -60, proved: -60, request: -70 }, false],
  ["a hint at another person", { subject: "p-other" }, { session: -9, proved: -9, request: -8 }, true],
  [
    "a hint at another person, who was given the chance",
    { subject: "p-other" },
    { session: -5, proved: -5, request: -60 },
    false,
  ],
])("who must sign in again: %s", (_what, request, moments, must) => expect(asks(request, moments)).toBe(must));
