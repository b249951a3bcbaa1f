import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { listedPlaceSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant places list` */
export function addList(places: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(places.command("list"))
    .description("projects and namespaces, and how many people have a right at each")
    .option("--search <text>", "part of a cloud, cluster, project or namespace")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant places list\n  cloudpass tenant places list --search dev --output json",
    )
    .action(async ({ search, ...options }: TenantOptions & { readonly search?: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items } = await askForAll(session, pathTo(tenant, "places"), { item: listedPlaceSchema, search });
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, places: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "none");
      else {
        const rows = items.map((p) => [p.target, p.kind, p.name, String(p.grants), String(p.people)]);
        show(terminal, ...formatColumns(["TARGET", "KIND", "NAME", "GRANTS", "PEOPLE"], rows));
      }
      finish(0);
    });
}
