import type { Command } from "commander";
import { formatScope, instant, isoTime } from "../../core/index.ts";
import { plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { outputOption } from "../output.ts";
import type { SettingOptions, Settings } from "../settings.ts";
import { formatDuration, show, type Terminal } from "../terminal.ts";
import { formatPerson } from "./format-person.ts";
import { openSession, personOptions } from "./open-session.ts";
import type { Login } from "./session/kept-login.ts";
import type { Session } from "./session/session.ts";
import { type ListedTarget, listTargets, type WithheldRight } from "./session/targets.ts";
import { formatWithheld, wayTo } from "./withheld.ts";

/** `cloudpass status` */
export function addStatus(program: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(program.command("status")))
    .description("who you are, what you may do where, and until when")
    .addHelpText("after", "\nExamples:\n  cloudpass status\n  cloudpass status --output json")
    .action(async ({ output, ...options }: SettingOptions & { output: string }) => {
      const session = await openSession(options, terminal);
      const list = await listTargets(session);
      const login = await session.login();
      if (output === "json") {
        const { issuer, person, loggedInAt } = login;
        show(terminal, JSON.stringify({ issuer, person, logged_in_at: loggedInAt, ...list }, undefined, 2));
      } else {
        // The broker's moments count by its own clock, ours by this machine's.
        const ends = list.expires_at === undefined ? login.endsAt : list.expires_at - (await session.skew());
        show(terminal, ...formatLogin(session, login, ends, terminal.clock.now()));
        const { targets, withheld = [] } = list;
        if (targets.length > 0) show(terminal, ...targets.flatMap(formatTarget));
        else if (withheld.length === 0) show(terminal, "targets    none: nobody has given you a right yet");
        else show(terminal, "targets    none with this login");
        if (withheld.length > 0) show(terminal, ...formatAllWithheld(withheld, session.settings));
      }
      finish(0);
    });
}

function formatLogin(session: Session, login: Login, endsAt: number | undefined, now: number): string[] {
  const since = `${isoTime(instant(login.loggedInAt))}, ${formatDuration(now - login.loggedInAt)} ago`;
  return [
    `person     ${formatPerson(login.person)}`,
    `issuer     ${session.settings.issuer}`,
    `logged in  ${since}`,
    ...(endsAt === undefined ? [] : [`until      ${isoTime(instant(endsAt))}, in ${formatDuration(endsAt - now)}`]),
  ];
}

/** What the person has besides, and how to get it. */
function formatAllWithheld(withheld: readonly WithheldRight[], settings: Settings): string[] {
  const rights = withheld.map((right, i) => `${i === 0 ? "withheld" : ""}`.padEnd(11) + formatWithheld(right));
  return [...rights, ...new Set(withheld.map((right) => `           → ${wayTo(right, settings)}`))];
}

function formatTarget(target: ListedTarget): string[] {
  const address = plain(target.kind === "openstack" ? target.auth_url : target.server);
  const kind = target.kind === "openstack" ? "cloud" : "cluster";
  const rights = target.entitlements.map(({ role, scope, grant, source }) => {
    const why = [grant === undefined ? "" : `grant ${grant}`, source ?? ""].filter(Boolean).join(", ");
    return `             ${plain(role)} on ${plain(formatScope(scope))}${why === "" ? "" : `   (${plain(why)})`}`;
  });
  return [`${kind.padEnd(9)}  ${plain(target.name)}   ${address}`, ...rights];
}
