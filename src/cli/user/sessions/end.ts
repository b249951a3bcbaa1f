import type { Command } from "commander";
import { CommandFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { formatCommand, type SettingOptions } from "../../settings.ts";
import { show, type Terminal } from "../../terminal.ts";
import { openSession, personOptions } from "../open-session.ts";
import type { Session } from "../session/session.ts";
import { endSessions, listSessions } from "../session/sessions-api.ts";

interface EndOptions extends SettingOptions {
  readonly all?: true;
  readonly notMe?: true;
}

/** `cloudpass sessions end` */
export function addEnd(sessions: Command, terminal: Terminal, finish: Finish): void {
  personOptions(sessions.command("end"))
    .description("end a login or a browser of yours at the broker, at once")
    .argument("[session...]", "its id, or the beginning of it; see cloudpass sessions list")
    .option("--all", "all of them but this login")
    .option("--not-me", "write down for the operator that it was somebody else's login")
    .addHelpText(
      "after",
      `
What it got already ends by itself within minutes. This login itself ends by
cloudpass logout.

Examples:
  cloudpass sessions end 4fKx2
  cloudpass sessions end 4fKx2 --not-me
  cloudpass sessions end --all`,
    )
    .action(async (ids: readonly string[], { all, notMe, ...options }: EndOptions) => {
      if ((all === true) === ids.length > 0) {
        throw new CommandFailure(all === true ? "either all or some are ended" : "no session is named", {
          fix: "name some of cloudpass sessions list, or give --all",
        });
      }
      const session = await openSession(options, terminal);
      const wanted = all === true ? "all" : await sessionsNamed(session, ids);
      const ended =
        wanted === "all" ? await endSessions(session, "all") : await endEach(session, wanted, notMe === true);
      show(terminal, ended === 0 ? "There was nothing to end." : `Ended: ${ended}. What they got ends within minutes.`);
      finish(0);
    });
}

async function endEach(session: Session, ids: readonly string[], disowned: boolean): Promise<number> {
  let ended = 0;
  for (const id of ids) ended += await endSessions(session, { id, disowned });
  return ended;
}

/** Nothing is ended where one of the names is not clear. */
async function sessionsNamed(session: Session, names: readonly string[]): Promise<string[]> {
  const { logins, browsers } = await listSessions(session);
  const all = [...logins, ...browsers.map((browser) => ({ ...browser, this: false }))];
  const list = formatCommand(session.settings, "sessions list");
  return names.map((name) => {
    const found = all.filter(({ id }) => id === name || (name.length >= 4 && id.startsWith(name)));
    const [one, ...more] = found.some(({ id }) => id === name) ? found.filter(({ id }) => id === name) : found;
    if (one === undefined)
      throw new CommandFailure(`you have no session "${plain(name)}"`, {
        means: "It may have ended by itself. Nothing was ended.",
        fix: `see what there is: ${list}`,
      });
    if (more.length > 0)
      throw new CommandFailure(`several sessions begin with "${plain(name)}"`, {
        means: "Nothing was ended.",
        fix: `give more of it: ${list}`,
      });
    if (one.this)
      throw new CommandFailure("that is the login of this very command", {
        means: "Nothing was ended.",
        fix: `end it, and forget it here: ${formatCommand(session.settings, "logout")}`,
      });
    return one.id;
  });
}
