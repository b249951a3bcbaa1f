import type { Command } from "commander";
import { z } from "zod";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

const namespacesSchema = z.object({
  items: z.array(
    z.object({
      cluster: z.string(),
      label: z.string().optional(),
      state: z.string(),
      at: z.string().optional(),
      namespaces: z.array(z.object({ name: z.string(), state: z.string() })),
    }),
  ),
});

/** `cloudpass tenant namespaces list` */
export function addNamespaces(tenant: Command, terminal: Terminal, finish: Finish): void {
  const namespaces = tenant.command("namespaces").description("the tenant's namespaces on each cluster");
  tenantOptions(namespaces.command("list"))
    .description("the namespaces that are the tenant's, by name or by label")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant namespaces list\n  cloudpass tenant namespaces list --output json",
    )
    .action(async (options: TenantOptions) => {
      const { session, tenant: reached } = await openTenant(options, terminal);
      const { value } = await askConsole(session, { path: pathTo(reached, "namespaces"), answer: namespacesSchema });
      for (const { cluster, state } of value.items)
        if (state !== "read")
          notify(
            terminal,
            plain(`${cluster}: ${state === "nobody looked" ? "the broker has no account there" : state}`),
          );
      const rows = value.items.flatMap(({ cluster, label, namespaces: all }) =>
        all.map(({ name, state }) => [cluster, name, state, label ?? "by name"]),
      );
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: reached.tenant, clusters: value.items }, undefined, 2));
      else if (rows.length === 0) show(terminal, "none");
      else show(terminal, ...formatColumns(["CLUSTER", "NAMESPACE", "STATE", "BY"], rows));
      finish(0);
    });
}
