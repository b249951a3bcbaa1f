import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { allProjects } from "./all-projects.ts";

/** `cloudpass tenant projects list` */
export function addList(projects: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(projects.command("list"))
    .description("the projects of the tenant's domain on each cloud")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant projects list\n  cloudpass tenant projects list --output json",
    )
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items, clouds } = await allProjects(session, tenant);
      for (const { cloud, state, at } of clouds)
        if (state !== "read")
          notify(terminal, plain(`${cloud}: ${state}${at === undefined ? "" : `; known as of ${at}`}`));
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, clouds, projects: items }, undefined, 2));
      else if (items.length === 0) show(terminal, "none");
      else {
        const stateAt = (cloud: string, at: (typeof items)[number]["at"]) => {
          const found = at.find((one) => one.cloud === cloud);
          if (found === undefined) return clouds.find((one) => one.cloud === cloud)?.at === undefined ? "?" : "-";
          return found.enabled ? "there" : "disabled";
        };
        const rows = items.map((p) => [p.name, ...clouds.map(({ cloud }) => stateAt(cloud, p.at)), p.kept_by]);
        show(terminal, ...formatColumns(["PROJECT", ...clouds.map(({ cloud }) => cloud), "KEPT BY"], rows));
      }
      finish(0);
    });
}
