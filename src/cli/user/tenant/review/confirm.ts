import type { Command } from "commander";
import { CommandFailure, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { show, type Terminal } from "../../../terminal.ts";
import { askConsole } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";
import { confirmedSchema, openReview } from "./answers.ts";
import { decideAll, grantsNamed } from "./decide.ts";

/** `cloudpass tenant review confirm` */
export function addConfirm(review: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(review.command("confirm"))
    .description("confirm grants: they are still needed")
    .argument("[grants...]", "their ids")
    .option("--unchanged", "all that are as they were when they were last confirmed, and are used")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass tenant review confirm --unchanged\n  cloudpass tenant review confirm dev audit",
    )
    .action(async (named: string[], { unchanged, ...options }: TenantOptions & { unchanged?: boolean }) => {
      if ((unchanged === true) === named.length > 0)
        throw new CommandFailure("what to confirm is not clear", { fix: "name grants, or give --unchanged" });
      const place = await openTenant(options, terminal);
      const { session, tenant } = place;
      if (unchanged === true) {
        const { path } = await openReview(session, tenant);
        const asked = { method: "POST", path: `${path}/confirm-unchanged`, answer: confirmedSchema } as const;
        const { value } = await askConsole(session, asked);
        if (options.output === "json")
          show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
        else show(terminal, plain(`Confirmed: ${value.kept}`));
        return finish(0);
      }
      const found = await grantsNamed(session, tenant, named);
      finish(await decideAll(terminal, { ...place, output: options.output }, found, { decision: "keep" }));
    });
}
