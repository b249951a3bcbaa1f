import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { personSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant people list` */
export function addList(people: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(people.command("list"))
    .description("who logged in lately, by name")
    .option("--search <text>", "part of a name, user name, address or id")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant people list\n  cloudpass tenant people list --search ahrens --output json",
    )
    .action(async ({ search, ...options }: TenantOptions & { readonly search?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items } = await askForAll(session, pathTo(tenant, "people"), { item: personSchema, search });
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, people: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "nobody");
      else {
        const rows = items.map((p) => [p.name, p.preferred_username, p.email ?? "", p.last_login, p.sub]);
        show(terminal, ...formatColumns(["NAME", "USER NAME", "ADDRESS", "LAST LOGIN", "SUB"], rows));
      }
      finish(0);
    });
}
