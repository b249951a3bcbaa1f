import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { openReview, resultSchema } from "./answers.ts";

/** `cloudpass tenant review close` */
export function addClose(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("close"))
    .description("end the review when all is decided: its result becomes a commit")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant review close\n  cloudpass tenant review close --output json")
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { path } = await openReview(session, tenant);
      const { value } = await askConsole(session, { method: "POST", path: `${path}/close`, answer: resultSchema });
      if (options.output === "json") show(terminal, JSON.stringify(value, undefined, 2));
      else show(terminal, plain(`Closed: review ${value.review}, ${value.items.length} grants`));
      finish(0);
    });
}
