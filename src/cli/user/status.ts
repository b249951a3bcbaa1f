import type { Command } from "commander";
import { formatScope, instant, isoTime } from "../../core/index.ts";
import { plain } from "../failure.ts";
import type { Finish } from "../finish.ts";
import { outputOption } from "../output.ts";
import { foldBehind, screenOf } from "../screen.ts";
import { formatCommand, type SettingOptions, type Settings } from "../settings.ts";
import { formatDuration, show, type Terminal } from "../terminal.ts";
import { formatPerson } from "./format-person.ts";
import { openSession, personOptions } from "./open-session.ts";
import { margin } from "./session/kept-access.ts";
import type { Login } from "./session/kept-login.ts";
import type { Session } from "./session/session.ts";
import { endOfLogin, type ListedTarget, listTargets, type TargetList, type WithheldRight } from "./session/targets.ts";
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
        const refresh = refreshAt(login);
        const told = { issuer, person, logged_in_at: loggedInAt, ...(refresh && { refresh_at: refresh }), ...list };
        show(terminal, JSON.stringify(told, undefined, 2));
      } else {
        const ends = endOfLogin(list, login, await session.skew());
        const now = terminal.clock.now();
        const { columns } = screenOf(terminal);
        show(terminal, ...formatLogin(session, login, ends, now));
        const soon = endsSoon(list, now + (await session.skew()));
        const isLast = ends !== undefined && ends - now < shortLogin;
        const again = `this login: log in again in time, ${formatCommand(session.settings, "login")}`;
        show(terminal, ...labelled("ends soon", [...(isLast ? [again] : []), ...soon], columns));
        const { targets, withheld = [] } = list;
        if (targets.length > 0) show(terminal, ...targets.flatMap((target) => formatTarget(target, columns)));
        else if (withheld.length === 0) show(terminal, "targets    none: nobody has given you a right yet");
        else show(terminal, "targets    none with this login");
        if (withheld.length > 0) show(terminal, ...formatAllWithheld(withheld, session.settings, columns));
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
    ...formatRefresh(login, now),
  ];
}

/** From when on a command asks the broker for new tokens, on this machine's clock. */
function refreshAt({ access }: Login): number | undefined {
  const { "": own } = access;
  return own === undefined ? undefined : own.expiresAt - margin;
}

function formatRefresh(login: Login, now: number): string[] {
  const at = refreshAt(login);
  if (at === undefined) return [];
  return [`refresh    ${isoTime(instant(at))}, in ${formatDuration(at - now)}, by itself`];
}

/** A right that ends within this many seconds is named. */
const aDay = 86_400;
/** A login that lasts no longer than this is one to renew before something long is begun. */
const shortLogin = 3_600;

/** Rights that end soon, the first one first; `now` by the broker's clock. */
function endsSoon({ targets }: TargetList, now: number): string[] {
  const ends = targets.flatMap(({ name, entitlements }) =>
    entitlements.flatMap(({ role, scope, grant, until }) => {
      if (until === undefined || until - now > aDay) return [];
      const by = grant === undefined ? "" : ` (grant ${grant})`;
      const what = plain(`${role} on ${formatScope(scope)} of ${name}${by}`);
      return [{ until, text: `${what}: ${isoTime(instant(until))}, in ${formatDuration(until - now)}` }];
    }),
  );
  return ends.sort((a, b) => a.until - b.until).map(({ text }) => text);
}

const labelled = (label: string, texts: readonly string[], columns: number): string[] =>
  texts.flatMap((text, i) => foldBehind((i === 0 ? label : "").padEnd(11), text, columns));

/** What the person has besides, and how to get it. */
function formatAllWithheld(withheld: readonly WithheldRight[], settings: Settings, columns: number): string[] {
  const rights = labelled("withheld", withheld.map(formatWithheld), columns);
  return [...rights, ...new Set(withheld.map((right) => `           → ${wayTo(right, settings)}`))];
}

function formatTarget(target: ListedTarget, columns: number): string[] {
  const address = plain(target.kind === "openstack" ? target.auth_url : target.server);
  const kind = target.kind === "openstack" ? "cloud" : "cluster";
  const rights = target.entitlements.flatMap(({ role, scope, grant, source }) => {
    const why = [grant === undefined ? "" : `grant ${grant}`, source ?? ""].filter(Boolean).join(", ");
    const right = `${plain(role)} on ${plain(formatScope(scope))}`;
    return foldBehind(" ".repeat(13), `${right}${why === "" ? "" : `   (${plain(why)})`}`, columns);
  });
  return [`${kind.padEnd(9)}  ${plain(target.name)}   ${address}`, ...rights];
}
