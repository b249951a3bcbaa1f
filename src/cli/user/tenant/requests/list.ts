import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { tenantRequestSchema } from "../../access/answers.ts";
import { stateOf } from "../../access/format-request.ts";
import { formatColumns } from "../columns.ts";
import { askForAll, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant requests list` */
export function addList(requests: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(requests.command("list"))
    .description("what people asked for, the newest first")
    .option("--waiting", "only what waits to be decided")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant requests list --waiting")
    .action(async ({ waiting, ...options }: TenantOptions & { readonly waiting?: boolean }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { items } = await askForAll(session, pathTo(tenant, "requests"), { item: tenantRequestSchema });
      const wanted = items.filter(({ state }) => waiting !== true || state === "asked");
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, requests: wanted }, undefined, 2));
      else if (wanted.length === 0) show(terminal, "none");
      else {
        const rows = wanted.map((r) => [r.id, r.person.name, r.set, r.at.join(", "), r.for, stateOf(r)]);
        show(terminal, ...formatColumns(["REQUEST", "BY", "SET", "AT", "FOR", "STATE"], rows));
      }
      finish(0);
    });
}
