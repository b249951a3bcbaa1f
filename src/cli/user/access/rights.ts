import type { Command } from "commander";
import { formatScope, instant, isoTime } from "../../../core/index.ts";
import { CommandFailure, exitCodes, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { foldBehind, screenOf } from "../../screen.ts";
import type { SettingOptions } from "../../settings.ts";
import { formatDuration, show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { listRights, type OwnGrant, type OwnRights } from "../session/rights-api.ts";
import type { Session } from "../session/session.ts";
import { askForAll } from "../tenant/console-api.ts";
import { type AccessRequest, requestSchema } from "./answers.ts";
import { formatCondition } from "./format-condition.ts";
import { stateOf } from "./format-request.ts";

interface RightsOptions extends SettingOptions {
  readonly output: string;
  readonly target?: string;
}

/** `cloudpass access`, or `cloudpass access rights` */
export function addRights(access: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(access.command("rights", { isDefault: true })))
    .description("every right that is meant for you, with its reason; and what you lack, with why")
    .option("--target <name>", "on this cloud or cluster only")
    .addHelpText(
      "after",
      `
Only what concerns you is shown: grants of other people are not.

Examples:
  cloudpass access
  cloudpass access rights --target gx1
  cloudpass access --output json`,
    )
    .action(async ({ output, target, ...options }: RightsOptions) => {
      const session = await openSession(options, terminal);
      const rights = on(await listRights(session), target);
      const requests = (await openRequests(session)).filter(({ at }) => target === undefined || at.includes(target));
      const now = terminal.clock.now() + (await session.skew());
      if (output === "json") show(terminal, JSON.stringify({ ...rights, requests }, undefined, 2));
      else show(terminal, ...formatRights({ rights, requests, target }, session, now, screenOf(terminal).columns));
      finish(0);
    });
}

function on(rights: OwnRights, target: string | undefined): OwnRights {
  if (target === undefined) return rights;
  const grants = rights.grants
    .map((grant) => ({ ...grant, rights: grant.rights.filter((right) => right.target === target) }))
    .filter((grant) => grant.rights.length > 0);
  return { ...rights, grants };
}

/** What was asked for and is not given. A broker where nothing can be asked for has none. */
async function openRequests(session: Session): Promise<AccessRequest[]> {
  try {
    const { items } = await askForAll(session, "/access-requests", { item: requestSchema, forAnybody: true });
    return items.filter(({ state }) => state !== "approved" && state !== "withdrawn");
  } catch (problem) {
    if (problem instanceof CommandFailure && problem.exitCode !== exitCodes.unreachable) return [];
    throw problem;
  }
}

interface Shown {
  readonly rights: OwnRights;
  readonly requests: readonly AccessRequest[];
  readonly target: string | undefined;
}

function formatRights({ rights, requests, target }: Shown, session: Session, now: number, columns: number): string[] {
  const { grants, undecided } = rights;
  const folded = (depth: number, text: string) => foldBehind(" ".repeat(depth), plain(text), columns);
  const given = grants.filter((grant) => grant.given);
  const lacking = grants.filter((grant) => !grant.given);
  const nothing = target === undefined ? "You have no right at present." : `You have no right on ${plain(target)}.`;
  return [
    ...(undecided
      ? folded(0, `Your organization did not say all of your groups: nothing is given to this login.`)
      : []),
    ...(given.length === 0 ? [nothing] : given.flatMap((grant) => formatGiven(grant, now, folded))),
    ...(lacking.length === 0 ? [] : ["", "Meant for you, and not given to this login:"]),
    ...lacking.flatMap((grant) => formatLacking(grant, session, now, folded)),
    ...(requests.length === 0 ? [] : ["", "Asked for, and not given:"]),
    ...requests.flatMap((request) => [
      ...folded(2, `${request.set} at ${request.at.join(", ")} for ${request.for}`),
      ...folded(6, `${stateOf(request)}${request.denial === undefined ? "" : `: ${request.denial}`} (${request.id})`),
    ]),
  ];
}

type Folded = (depth: number, text: string) => string[];

const rightsOf = ({ rights, console }: OwnGrant): string[] => [
  ...rights.map(({ target, role, scope }) => `${role} on ${formatScope(scope)} of ${target}`),
  ...(console ? ["the console of your organization"] : []),
];

const reasonOf = ({ grant, set, source }: OwnGrant): string => `grant ${grant} gives ${set} (${source})`;

function formatGiven(grant: OwnGrant, now: number, folded: Folded): string[] {
  const { until } = grant;
  const end = until === undefined ? "" : `, until ${isoTime(instant(until))}, in ${formatDuration(until - now)}`;
  return [...rightsOf(grant).flatMap((right) => folded(0, right)), ...folded(4, `${reasonOf(grant)}${end}`)];
}

function formatLacking(grant: OwnGrant, session: Session, now: number, folded: Folded): string[] {
  const { why, fix } = formatCondition(grant.failed, session.settings, now);
  return [
    ...rightsOf(grant).flatMap((right) => folded(2, right)),
    ...folded(6, `${why} (${reasonOf(grant)})`),
    ...(fix === undefined ? [] : folded(6, `→ ${fix}`)),
  ];
}
