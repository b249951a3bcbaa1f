import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { reviewsSchema } from "./answers.ts";

/** `cloudpass tenant review list` */
export function addList(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("list"))
    .description("the review under way, and those that are over")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant review list\n  cloudpass tenant review list --output json")
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { value } = await askConsole(session, { path: pathTo(tenant, "reviews"), answer: reviewsSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else {
        const { open, too_many: many, past } = value;
        const underWay = open ? [[open.review, `${open.left} of ${open.grants} left, due ${open.due}`, ""]] : [];
        const over = past.map((one) => [one.review, one.summary, one.closed_by?.name ?? "cloudpass"]);
        const rows = [...underWay, ...over];
        if (many !== undefined)
          notify(
            terminal,
            `The review that the policy asks for does not begin: there are ${many.grants} grants, and its result holds about ${many.room}.`,
          );
        if (rows.length === 0) show(terminal, "none");
        else show(terminal, ...formatColumns(["REVIEW", "RESULT", "CLOSED BY"], rows).map(plain));
      }
      finish(0);
    });
}
