import type { Command } from "commander";
import { z } from "zod";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

const answerSchema = z.object({ email: z.string(), groups: z.array(z.string()) });

const ways = [
  {
    command: "join-group",
    method: "PUT",
    description: "put a member into a group of the organization, which is there from then on",
    said: (email: string, group: string) => `${email} is in the group ${group} now`,
  },
  {
    command: "leave-group",
    method: "DELETE",
    description: "take a member out of a group of the organization",
    said: (email: string, group: string) => `${email} is not in the group ${group} any more`,
  },
] as const;

/** `cloudpass tenant people join-group` and `leave-group` */
export function addGroups(people: Command, terminal: Terminal, finish: Finish): void {
  for (const { command, method, description, said } of ways)
    tenantOptions(people.command(command))
      .description(description)
      .argument("<address>", "the e-mail address of a member; see cloudpass tenant people members")
      .argument("<group>", "the group, as a grant names it")
      .addHelpText(
        "after",
        `
What is given to the group counts at the member's next login or refresh.

Examples:
  cloudpass tenant people ${command} zoe@c.example developers`,
      )
      .action(async (address: string, group: string, options: TenantOptions) => {
        const { session, tenant } = await openTenant(options, terminal);
        const path = pathTo(tenant, "members", address, "groups", group);
        const { value } = await askConsole(session, { method, path, answer: answerSchema });
        if (options.output === "json")
          show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
        else show(terminal, `${said(value.email, group)}. Groups: ${value.groups.join(", ") || "none"}`);
        finish(0);
      });
}
