import type { Command } from "commander";
import { z } from "zod";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { scimTokenSchema } from "./answers.ts";

const listedSchema = z.object({ items: z.array(scimTokenSchema) });

/** `cloudpass tenant scim list` */
export function addList(scim: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(scim.command("list"))
    .description("the tokens by which the tenant's identity providers push, without their secrets")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant scim list\n  cloudpass tenant scim list --output json")
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { value } = await askConsole(session, { path: pathTo(tenant, "scim-tokens"), answer: listedSchema });
      if (options.output === "json")
        show(terminal, JSON.stringify({ tenant: tenant.tenant, tokens: value.items }, undefined, 2));
      else if (value.items.length === 0) show(terminal, "none");
      else {
        const rows = value.items.map((t) => [t.token, t.identity_provider, t.made_by, t.made_at, t.expires_at]);
        show(terminal, ...formatColumns(["TOKEN", "OF", "MADE BY", "AT", "GOOD UNTIL"], rows));
      }
      finish(0);
    });
}
