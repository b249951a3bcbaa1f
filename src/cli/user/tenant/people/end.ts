import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { formatDuration, notify, show, type Terminal } from "../../../terminal.ts";
import { type Ended, endedSchema, shownPersonSchema } from "../answers.ts";
import { type ChangeOptions, confirm } from "../change.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";
import { personNamed } from "./person-named.ts";

/** `cloudpass tenant people end` */
export function addEnd(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("end"))
    .description("end all logins and sessions of a person, and tell the clouds")
    .argument("<person>", "the person's sub (p-…), user name or address")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Whoever can still sign in at the identity provider comes back after a while: close the account there.
Needs a sign-in of the last 15 minutes (cloudpass login --fresh).

Examples:
  cloudpass tenant people end dora@a.example
  cloudpass tenant people end dora@a.example --yes`,
    )
    .action(async (named: string, options: ChangeOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "people", await personNamed(session, tenant, named));
      const person = (await askConsole(session, { path, answer: shownPersonSchema })).value;
      const has = formatOpen(person.logins.length, person.browsers);
      notify(terminal, plain(`${person.name} (${person.preferred_username}) has ${has}.`));
      await confirm(terminal, options.yes === true, {
        question: "End all of it? Only “yes” ends it: ",
        undone: "nothing was ended",
      });
      const { value } = await askConsole(session, { method: "POST", path: `${path}/end`, answer: endedSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, ...formatEnded(value));
      finish(value.realm === "ended" ? 0 : 3);
    });
}

const formatOpen = (logins: number, browsers: number): string =>
  `${logins} ${logins === 1 ? "login of a program" : "logins of programs"}, ${browsers} ${browsers === 1 ? "browser" : "browsers"}`;

function formatEnded({ logins, browsers, realm, refused_for: refusedFor }: Ended): string[] {
  const silent = "Keycloak did not answer: its own sessions may live on. Run the same again.";
  return [
    `Ended: ${formatOpen(logins, browsers)}.`,
    ...(realm === "ended" ? [] : [silent]),
    `For ${formatDuration(refusedFor)} the person cannot sign in. Close the account at the identity provider meanwhile.`,
  ];
}
