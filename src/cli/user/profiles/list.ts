import type { Command } from "commander";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import type { Profile } from "../../profile.ts";
import { readProfiles } from "../../profiles.ts";
import { displayWidth, screenOf } from "../../screen.ts";
import { profilesFile, stateFolder } from "../../settings.ts";
import { formatDuration, show, type Terminal } from "../../terminal.ts";
import { formatPerson } from "../format-person.ts";
import type { KeptLogin } from "../session/kept-login.ts";
import { keptIssuers } from "../session/token-file.ts";
import { formatColumns } from "../tenant/columns.ts";
import { keptLogin } from "./kept-login.ts";

interface Listed {
  /** Without a name: a login that no profile is for, such as one that the environment chose. */
  readonly profile: Omit<Profile, "name"> & Partial<Pick<Profile, "name">>;
  readonly isCurrent: boolean;
  readonly login: KeptLogin | undefined;
}

/** `cloudpass profiles list` */
export function addList(profiles: Command, terminal: Terminal, finish: Finish): void {
  outputOption(profiles.command("list"))
    .description("the federations that you know, and where you are logged in")
    .addHelpText(
      "after",
      `
The one in use has a star. Logins that no profile is for stand below, without
a name. No server is asked.

Examples:
  cloudpass profiles list
  cloudpass profiles list --output json`,
    )
    .action(async ({ output }: { readonly output: string }) => {
      const { all, current, file } = await readProfiles(profilesFile(terminal.env));
      const loose = (await keptIssuers(stateFolder(terminal.env)))
        .filter((issuer) => all.every((profile) => profile.issuer !== issuer))
        .map((issuer) => ({ issuer }));
      const listed: Listed[] = await Promise.all(
        [...all, ...loose].map(async (profile) => ({
          profile,
          isCurrent: "name" in profile && profile.name === current,
          login: await keptLogin(profile, terminal),
        })),
      );
      if (output === "json") {
        const { true: profiles = [], false: others = [] } = Object.groupBy(
          listed,
          ({ profile }) => `${"name" in profile}`,
        );
        const told = { file, profiles: profiles.map(asJson), without_profile: others.map(asJson) };
        show(terminal, JSON.stringify(told, undefined, 2));
      } else if (listed.length === 0) show(terminal, "none. To make one, log in: cloudpass login https://…");
      else show(terminal, ...formatProfiles(listed, terminal));
      finish(0);
    });
}

function formatProfiles(listed: readonly Listed[], terminal: Terminal): string[] {
  const cells = listed.map(({ profile: { name, issuer }, isCurrent, login }) => ({
    star: isCurrent ? "*" : "",
    name: name ?? "",
    issuer,
    login: formatLogin(login, terminal.clock.now()),
  }));
  const table = formatColumns(
    ["", "PROFILE", "ISSUER", "LOGIN"],
    cells.map(({ star, name, issuer, login }) => [star, name, issuer, login]),
  );
  const { columns } = screenOf(terminal);
  if (table.every((line) => displayWidth(line) <= columns)) return table;
  return cells.flatMap(({ star, name, issuer, login }) => [
    `${star.padEnd(2)}${name === "" ? "(no profile)" : plain(name)}`,
    `    ${plain(issuer)}`,
    `    login: ${login}`,
  ]);
}

function formatLogin(login: KeptLogin | undefined, now: number): string {
  if (login === undefined) return "none";
  const { person, endsAt } = login;
  if (endsAt === undefined) return formatPerson(person);
  return endsAt <= now ? "has ended" : `${formatPerson(person)}, for ${formatDuration(endsAt - now)}`;
}

function asJson({ profile: { name, issuer, caFile, login: method, callbackPort }, isCurrent, login }: Listed) {
  return {
    ...(name !== undefined && { name }),
    issuer,
    current: isCurrent,
    ...(caFile !== undefined && { ca_file: caFile }),
    ...(method !== undefined && { login_method: method }),
    ...(callbackPort !== undefined && { callback_port: callbackPort }),
    ...(login !== undefined && {
      login: {
        person: login.person,
        logged_in_at: login.loggedInAt,
        ...(login.endsAt !== undefined && { expires_at: login.endsAt }),
      },
    }),
  };
}
