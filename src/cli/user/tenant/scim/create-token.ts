import type { Command } from "commander";
import { z } from "zod";
import { CommandFailure, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { scimTokenSchema } from "./answers.ts";

interface Options extends TenantOptions {
  readonly idp?: string;
  readonly days?: string;
}

const madeSchema = scimTokenSchema.extend({ secret: z.string() });

/** `cloudpass tenant scim create-token` */
export function addCreateToken(scim: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(scim.command("create-token"))
    .description("make a token by which an identity provider of the tenant pushes its people")
    .option("--idp <alias>", "whose, where several push")
    .option("--days <days>", "how long it is good, 366 at most; default 180")
    .addHelpText(
      "after",
      `
The token is shown once, on standard output, and kept nowhere. Who has it says who of that identity provider may sign in: give it to
nobody else. Needs a sign-in of the last 15 minutes (cloudpass login --browser --fresh).

Examples:
  cloudpass tenant scim create-token
  cloudpass tenant scim create-token --idp customer-a-entra --days 90`,
    )
    .action(async ({ idp, days, ...options }: Options) => {
      if (days !== undefined && !/^[1-9]\d{0,2}$/.test(days))
        throw new CommandFailure(`--days ${plain(days)} is no number of days`, { fix: "give a number from 1 to 366" });
      const { session, tenant } = await openTenant(options, terminal);
      const json = {
        ...(idp !== undefined && { identity_provider: idp }),
        ...(days !== undefined && { days: Number(days) }),
      };
      const path = pathTo(tenant, "scim-tokens");
      const { value } = await askConsole(session, { method: "POST", path, json, answer: madeSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else {
        const { token, identity_provider: whose, expires_at: end } = value;
        notify(terminal, plain(`Token ${token} of ${whose}, good until ${end}. It is shown this once:`));
        show(terminal, plain(value.secret));
        notify(terminal, plain(`The address to push to: ${session.settings.issuer}/scim/v2`));
      }
      finish(0);
    });
}
