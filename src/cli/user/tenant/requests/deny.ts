import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { requestSchema } from "../../access/answers.ts";
import { formatRequest } from "../../access/format-request.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant requests deny` */
export function addDeny(requests: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(requests.command("deny"))
    .description("deny what was asked for, with why")
    .argument("<request>", "its id; see cloudpass tenant requests list")
    .requiredOption("--reason <text>", "why; whoever asked reads it")
    .addHelpText(
      "after",
      '\nExamples:\n  cloudpass tenant requests deny request-0123456789abcdef0123 --reason "ask the platform team"',
    )
    .action(async (id: string, { reason, ...options }: TenantOptions & { readonly reason: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "requests", id, "deny");
      const { value } = await askConsole(session, { method: "POST", path, json: { reason }, answer: requestSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, ...formatRequest(value));
      finish(0);
    });
}
