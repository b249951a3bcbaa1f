import { type Command, Option } from "commander";
import { changeProfiles } from "../../change-profiles.ts";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import type { ProfilesInFile } from "../../parse-profiles.ts";
import { loginMethods } from "../../profile.ts";
import { profileNamed, readProfiles } from "../../profiles.ts";
import { profilesFile } from "../../settings.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { formatStronger } from "./format-stronger.ts";
import { keptLogin } from "./kept-login.ts";

interface UseOptions {
  readonly login?: "auto" | (typeof loginMethods)[number];
}

/** `cloudpass profiles use` */
export function addUse(profiles: Command, terminal: Terminal, finish: Finish): void {
  profiles
    .command("use")
    .description("take a profile into use: commands that name none mean it")
    .argument("<profile>", "its name; see cloudpass profiles list")
    .addOption(
      new Option("--login <method>", "how it logs in from now on; auto: whichever fits the machine").choices([
        "auto",
        ...loginMethods,
      ]),
    )
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass profiles use login.example\n  cloudpass profiles use work --login device",
    )
    .action(async (name: string, { login }: UseOptions) => {
      const file = profilesFile(terminal.env);
      const profile = await profileNamed(await readProfiles(file), name);
      if (file === undefined) return;
      await changeProfiles(file, (before) => ({ ...withMethod(before, name, login), current: name }));
      show(terminal, `In use: ${plain(name)} (${plain(profile.issuer)})`);
      notify(terminal, ...formatStronger(terminal.env));
      if ((await keptLogin(profile, terminal)) === undefined) {
        notify(terminal, "You are not logged in there. Log in: cloudpass login");
      }
      finish(0);
    });
}

function withMethod(before: ProfilesInFile, name: string, login: UseOptions["login"]): ProfilesInFile {
  if (login === undefined) return before;
  const { login: _, ...rest } = before.profiles?.[name] ?? { issuer: "" };
  const profile = login === "auto" ? rest : { ...before.profiles?.[name], ...rest, login };
  return { ...before, profiles: { ...before.profiles, [name]: profile } };
}
