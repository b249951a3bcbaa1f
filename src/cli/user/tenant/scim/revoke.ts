import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { scimTokenSchema } from "./answers.ts";

/** `cloudpass tenant scim revoke` */
export function addRevoke(scim: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(scim.command("revoke"))
    .description("end a token: what comes with it is refused from now on")
    .argument("<token>", "its id; see cloudpass tenant scim list")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant scim revoke 3vXfQz0aYb1c")
    .action(async (named: string, options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "scim-tokens", named);
      const { value } = await askConsole(session, { method: "DELETE", path, answer: scimTokenSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, plain(`Revoked: token ${value.token} of ${value.identity_provider}`));
      finish(0);
    });
}
