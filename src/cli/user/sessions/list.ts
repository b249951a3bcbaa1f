import type { Command } from "commander";
import { instant, isoTime } from "../../../core/index.ts";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { fold, screenOf } from "../../screen.ts";
import type { SettingOptions } from "../../settings.ts";
import { formatDuration, show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import { listSessions, type OwnSessions } from "../session/sessions-api.ts";

/** `cloudpass sessions list` */
export function addList(sessions: Command, terminal: Terminal, finish: Finish): void {
  outputOption(personOptions(sessions.command("list")))
    .description("your logins and browsers at the broker, the latest first")
    .addHelpText("after", "\nExamples:\n  cloudpass sessions list\n  cloudpass sessions list --output json")
    .action(async ({ output, ...options }: SettingOptions & { readonly output: string }) => {
      const session = await openSession(options, terminal);
      const list = await listSessions(session);
      if (output === "json") show(terminal, JSON.stringify(list, undefined, 2));
      else show(terminal, ...formatSessions(list, terminal.clock.now() + (await session.skew()), screenOf(terminal)));
      finish(0);
    });
}

/** Logins and browsers as the terminal shows them; `now` by the broker's clock. */
function formatSessions(
  { logins, browsers }: OwnSessions,
  now: number,
  { columns }: { readonly columns: number },
): string[] {
  const line = (text: string) => fold(plain(text), Math.max(20, columns - 4)).map((part) => `    ${part}`);
  const from = ({ address = "an unknown address", user_agent: agent = "" }: OwnSessions["browsers"][number]) =>
    `from ${address}${agent === "" ? "" : `, calls itself ${agent}`}`;
  const times = (began: number, used: string, ends: number) =>
    `since ${moment(began)}, ${ago(now - began)}; ${used}; until ${moment(ends)}, in ${formatDuration(ends - now)}`;
  const ofLogins = logins.flatMap((one) => [
    plain(`${one.this ? "*" : " "} login ${one.id}`),
    ...line(`${one.program}${one.this ? ", this one" : ""}${one.method === "device" ? ", confirmed with a code" : ""}`),
    ...line(from({ ...one, seen_at: 0 })),
    ...line(
      times(
        one.started_at,
        one.refreshed_at === undefined ? "never renewed" : `renewed ${ago(now - one.refreshed_at)}`,
        one.expires_at,
      ),
    ),
  ]);
  const ofBrowsers = browsers.flatMap((one) => [
    plain(`  browser ${one.id}`),
    ...line(from(one)),
    ...line(times(one.started_at, `seen ${ago(now - one.seen_at)}`, one.expires_at)),
  ]);
  return [...ofLogins, ...ofBrowsers];
}

const moment = (at: number): string => isoTime(instant(at));
const ago = (secs: number): string => `${formatDuration(secs)} ago`;
