import { AuthorizationResponseError, ResponseBodyError } from "openid-client";
import { type LoginRefused, loginRefused } from "../../../core/index.ts";
import { CommandFailure, type FailureWords, plain } from "../../failure.ts";
import { formatCommand, type Settings } from "../../settings.ts";

/** An advice to log in at the same broker again, in a certain way. */
type Again = (option?: "--browser" | "--device") => string;

/** What the person at the terminal is told, by what the broker told the command. */
const wordsFor = (again: Again): Readonly<Record<LoginRefused, readonly [happened: string, more: FailureWords]>> => ({
  refused: [
    "the login was denied",
    {
      means: "Somebody pressed “No, refuse” on the confirmation page.",
      fix: `if it was not you, tell your operator; else ${again()}`,
    },
  ],
  nothingEntitled: [
    "you have no rights",
    {
      means: "Whoever confirmed the login has no right on any cloud or cluster at present.",
      fix: "ask your domain manager which rights you should have",
    },
  ],
  needsBrowser: [
    "this login would carry none of your rights",
    {
      means: "They are of a kind that only a login in a browser on this machine carries.",
      fix: `if this machine has no browser, ask your operator; else ${again("--browser")}`,
    },
  ],
  notConfirmed: [
    "your organization does not confirm your sign-in any more",
    { means: "Its identity provider was asked again at the confirmation, and said no.", fix: again() },
  ],
  burnt: [
    "the login was ended to protect you",
    {
      means: "Its code came into other hands, was opened by two people, or its end was typed wrongly three times.",
      fix: `send the link and the code to nobody; to try again, ${again()}`,
    },
  ],
  remote: [
    "the login was confirmed on a different network from this machine",
    {
      means: "The operator does not allow that for this program.",
      fix: "repeat it with terminal and browser on one network",
    },
  ],
  elsewhere: [
    "the login was confirmed on a different network from this machine",
    {
      means: "A VPN or a proxy does that; so does somebody who had another person confirm it.",
      fix: `to be asked for letters of this terminal instead, ${again("--device")}`,
    },
  ],
});

/** In words what a broker's refusal of a login means; `undefined` for any other problem. */
export function formatLoginRefused(settings: Settings, problem: unknown): CommandFailure | undefined {
  if (!(problem instanceof ResponseBodyError || problem instanceof AuthorizationResponseError)) return undefined;
  const said = problem.error_description ?? undefined;
  const again: Again = (option) => `run: ${formatCommand(settings, option ? `login ${option}` : "login")}`;
  const why = (Object.keys(loginRefused) as LoginRefused[]).find((key) => loginRefused[key] === said);
  if (why !== undefined) {
    const [happened, more] = wordsFor(again)[why];
    return new CommandFailure(happened, { ...more, cause: problem });
  }
  if (problem.error !== "access_denied") return undefined;
  const means = said === undefined ? "The broker did not say why." : `The broker says: ${plain(said)}.`;
  return new CommandFailure("the login was denied", { means, fix: again(), cause: problem });
}
