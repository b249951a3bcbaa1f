import { type Command, Option } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { startedSchema } from "./answers.ts";

/** `cloudpass tenant review start` */
export function addStart(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("start"))
    .description("begin a review of all grants")
    .requiredOption("--due <time>", "until when all is to be decided: 2027-01-31, or 2027-01-31T18:00:00+01:00")
    .addOption(
      new Option("--unconfirmed <what>", "what becomes of a grant that nobody decided a week later")
        .choices(["keep", "take-back"])
        .default("keep"),
    )
    .addHelpText("after", "\nExamples:\n  cloudpass tenant review start --due 2027-01-31 --unconfirmed take-back")
    .action(async ({ due, unconfirmed, ...options }: TenantOptions & { due: string; unconfirmed: string }) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "reviews");
      const json = { due, unconfirmed };
      const { value } = await askConsole(session, { method: "POST", path, json, answer: startedSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else show(terminal, plain(`Begun: review ${value.review}, due ${value.due}`));
      finish(0);
    });
}
