import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { grantSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant grants list` */
export function addList(grants: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(grants.command("list"))
    .description("the grants: to whom, what, where, until when")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant grants list\n  cloudpass tenant grants list --output json")
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items } = await askForAll(session, pathTo(tenant, "grants"), { item: grantSchema });
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, grants: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "none");
      else {
        const rows = items.map((g) => [
          g.id,
          g.set,
          g.people,
          g.at.join(", "),
          g.until ?? "",
          String(g.holders),
          g.last_token ?? "",
        ]);
        show(terminal, ...formatColumns(["GRANT", "SET", "PEOPLE", "AT", "UNTIL", "HELD BY", "LAST TOKEN"], rows));
      }
      finish(0);
    });
}
