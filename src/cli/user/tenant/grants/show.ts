import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { type ShownGrant, shownGrantSchema } from "../answers.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant grants show` */
export function addShow(grants: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(grants.command("show"))
    .description("what a grant gives, and who holds it")
    .argument("<grant>", "its id; see cloudpass tenant grants list")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant grants show dev")
    .action(async (id: string, options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { value } = await askConsole(session, { path: pathTo(tenant, "grants", id), answer: shownGrantSchema });
      if (options.output === "json") show(terminal, JSON.stringify(value, undefined, 2));
      else show(terminal, ...formatGrant(value).map(plain));
      finish(0);
    });
}

function formatGrant(grant: ShownGrant): string[] {
  const line = (word: string, text: string | undefined) => (text === undefined ? [] : [`${word.padEnd(11)}${text}`]);
  return [
    ...line("grant", `${grant.id}   (${grant.source})`),
    ...line("gives", grant.set),
    ...line("to", `${grant.people}: ${grant.conditions}`),
    ...line("from", grant.from),
    ...line("until", grant.until),
    ...line("reason", grant.reason),
    ...line("since", grant.since && `${grant.since.at} by ${grant.since.author}`),
    ...grant.rights.flatMap(({ target, role, scope }, i) =>
      line(i === 0 ? "rights" : "", `${target}   ${role} on ${scope}`),
    ),
    ...grant.people_now.flatMap(({ name, preferred_username: userName, last_token: token }, i) =>
      line(
        i === 0 ? "held by" : "",
        `${name} (${userName})${token === undefined ? "" : `, last got a token for it ${token}`}`,
      ),
    ),
    ...(grant.people_now.length === 0 ? line("held by", "nobody who logged in lately") : []),
  ];
}
