import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { rightAtSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant places show` */
export function addShow(places: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(places.command("show"))
    .description("who has what at a project or a namespace, and by which group or grant")
    .argument("<target>", "a cloud or a cluster")
    .argument("<kind>", "project, namespace, or another kind of cloudpass tenant places list")
    .argument("<name>", "its name there")
    .option("--search <text>", "part of a person, grant or role")
    .addHelpText(
      "after",
      `
Examples:
  cloudpass tenant places show gx1 project dev
  cloudpass tenant places show prod1 namespace a-dev --search ahrens --output json`,
    )
    .action(
      async (target: string, kind: string, name: string, options: TenantOptions & { readonly search?: string }) => {
        const { session, tenant } = await openTenant(options, terminal);
        const path = pathTo(tenant, "places", target, kind, name);
        const { items } = await askForAll(session, path, { item: rightAtSchema, search: options.search });
        if (options.output === "json")
          show(terminal, JSON.stringify({ tenant: tenant.tenant, target, kind, name, rights: items }, undefined, 2));
        else if (items.length === 0) show(terminal, "nobody");
        else {
          const rows = items.map((r) => [r.person.name, r.role, r.grant, r.conditions, r.scope, r.until ?? ""]);
          show(terminal, ...formatColumns(["PERSON", "ROLE", "GRANT", "BY", "GIVEN ON", "UNTIL"], rows));
        }
        finish(0);
      },
    );
}
