import type { Command } from "commander";
import { instant, isoTime } from "../../../core/index.ts";
import { changeProfiles } from "../../change-profiles.ts";
import { CommandFailure, plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import type { Profile, Profiles } from "../../profile.ts";
import { profileNamed, readProfiles } from "../../profiles.ts";
import { profilesFile } from "../../settings.ts";
import { shellWords } from "../../shell-words.ts";
import { show, type Terminal } from "../../terminal.ts";
import { keptLogin } from "./kept-login.ts";

/** `cloudpass profiles remove` */
export function addRemove(profiles: Command, terminal: Terminal, finish: Finish): void {
  profiles
    .command("remove")
    .description("forget a profile; a login there has to be ended before")
    .argument("<profile>", "its name; see cloudpass profiles list")
    .option("--keep-login", "leave the login there; cloudpass profiles list shows it without a name")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass logout --profile work && cloudpass profiles remove work\n  cloudpass profiles remove work --keep-login",
    )
    .action(async (name: string, { keepLogin }: { readonly keepLogin?: true }) => {
      const file = profilesFile(terminal.env);
      const profile = await profileNamed(await readProfiles(file), name);
      if (file === undefined) return;
      const left = await loginLeft(profile, await readProfiles(file), terminal);
      if (left !== undefined && keepLogin !== true) {
        throw new CommandFailure(`you are still logged in at ${plain(profile.issuer)}`, {
          means: left,
          fix: `end the login: ${shellWords(["cloudpass", "logout", "--profile", name])}; or leave it: add --keep-login`,
        });
      }
      await changeProfiles(file, ({ current, profiles }) => {
        const { [name]: _, ...rest } = profiles ?? {};
        return { ...(typeof current === "string" && current !== name && { current }), profiles: rest };
      });
      show(
        terminal,
        `Removed: ${plain(name)} (${plain(profile.issuer)})`,
        ...(left === undefined ? [] : [left, `End it: ${logoutOf(profile)}`]),
        ...formatNext(await readProfiles(file)),
      );
      finish(0);
    });
}

/** What is to be known of the login of a profile that goes; `undefined` without one, or where another profile has it, too. */
async function loginLeft(profile: Profile, { all }: Profiles, terminal: Terminal): Promise<string | undefined> {
  if (all.some(({ name, issuer }) => name !== profile.name && issuer === profile.issuer)) return undefined;
  const login = await keptLogin(profile, terminal);
  if (login === undefined) return undefined;
  const { endsAt } = login;
  if (endsAt === undefined) return "The login lives on until it is ended.";
  return endsAt <= terminal.clock.now() ? undefined : `The login lives on until ${isoTime(instant(endsAt))}.`;
}

const logoutOf = ({ issuer, caFile }: Profile): string =>
  shellWords(["cloudpass", "logout", "--issuer", issuer, ...(caFile === undefined ? [] : ["--ca-file", caFile])]);

function formatNext({ all, current }: Profiles): string[] {
  if (current !== undefined || all.length < 2) return [];
  const names = all.map(({ name }) => plain(name)).join(", ");
  return [`None is in use now. There is ${names}: cloudpass profiles use ${plain(all[0]?.name ?? "")}`];
}
