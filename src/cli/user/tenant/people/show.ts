import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { type ShownPerson, shownPersonSchema } from "../answers.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { personNamed } from "./person-named.ts";

/** `cloudpass tenant people show` */
export function addShow(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("show"))
    .description("every right of a person, the grant behind each, and what is open now")
    .argument("<person>", "the person's sub (p-…), user name or address")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant people show alice\n  cloudpass tenant people show alice@a.example --output json",
    )
    .action(async (named: string, options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "people", await personNamed(session, tenant, named));
      const { value } = await askConsole(session, { path, answer: shownPersonSchema });
      if (options.output === "json") show(terminal, JSON.stringify(value, undefined, 2));
      else show(terminal, ...formatPerson(value).map(plain));
      finish(0);
    });
}

function formatPerson(person: ShownPerson): string[] {
  const { name, preferred_username: userName, email, identity_provider: alias, last_login: at } = person;
  const rights = person.rights.map(({ target, role, scope, grant, source, until, last_token: token }) => {
    const end = until === undefined ? [] : [`until ${until}`];
    const used = token === undefined ? [] : [`last got a token for it ${token}`];
    const why = [`grant ${grant}`, source, ...end, ...used].join(", ");
    return `${target}   ${role} on ${scope}   (${why})`;
  });
  const logins = person.logins.map((one) => `${one.client}   since ${one.started_at}, until ${one.expires_at}`);
  return [
    ...under("person", [`${name} (${userName})${email === undefined ? "" : `, ${email}`}`]),
    ...under("sub", [person.sub]),
    ...under(
      "keystone",
      (person.keystone_users ?? []).map(({ cloud, id }) => `${cloud}   user ${id}`),
    ),
    ...under("from", [`${alias}, last login ${at}`]),
    ...under("rights", person.unknown === undefined ? orNone(rights) : [`cannot be told: ${person.unknown}`]),
    ...under("logins", orNone(logins)),
    ...under("browsers", [String(person.browsers)]),
  ];
}

const orNone = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? ["none"] : lines);

/** Lines beside one word that says what they are. */
const under = (word: string, lines: readonly string[]): string[] =>
  lines.map((line, i) => `${(i === 0 ? word : "").padEnd(11)}${line}`);
