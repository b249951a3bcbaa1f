import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { tenantRequestSchema } from "../../access/answers.ts";
import { formatRequest } from "../../access/format-request.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant requests show` */
export function addShow(requests: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(requests.command("show"))
    .description("something that a person asked for, and what became of it")
    .argument("<request>", "its id; see cloudpass tenant requests list")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant requests show request-0123456789abcdef0123")
    .action(async (id: string, options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { value } = await askConsole(session, {
        path: pathTo(tenant, "requests", id),
        answer: tenantRequestSchema,
      });
      const { name, preferred_username: user } = value.person;
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, ...formatRequest(value, `${name} (${user})`));
      finish(0);
    });
}
