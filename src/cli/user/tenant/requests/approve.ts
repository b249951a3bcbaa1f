import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { approvalPreviewSchema, requestSchema } from "../../access/answers.ts";
import { formatRequest } from "../../access/format-request.ts";
import { type ChangeOptions, confirmSave, formatPreview } from "../change.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";

interface Options extends ChangeOptions {
  readonly at?: string;
  readonly for?: string;
  readonly dryRun?: boolean;
}

/** `cloudpass tenant requests approve` */
export function addApprove(requests: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(requests.command("approve"))
    .description("give what was asked for, or less")
    .argument("<request>", "its id; see cloudpass tenant requests list")
    .option("--at <targets>", "fewer clouds and clusters than were asked for, with commas between them")
    .option("--for <time>", "a shorter time than was asked for: 90m, 12h or 3d")
    .option("--dry-run", "only show who would gain what")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first who gains what, and asks. Its time begins now. Nobody approves a request of their own.

Examples:
  cloudpass tenant requests approve request-0123456789abcdef0123
  cloudpass tenant requests approve request-0123456789abcdef0123 --for 2h --yes`,
    )
    .action(async (id: string, options: Options) => {
      const { session, tenant } = await openTenant(options, terminal);
      const path = pathTo(tenant, "requests", id, "approve");
      const at = options.at?.split(",").map((target) => target.trim());
      const json = { ...(at && { at }), ...(options.for !== undefined && { for: options.for }) };
      const tried = { method: "POST", path: `${path}?dry_run=true`, json, answer: approvalPreviewSchema } as const;
      const preview = async () => (await askConsole(session, tried)).value;
      const showJson = (value: object) =>
        show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      if (options.dryRun === true) {
        const shown = await preview();
        if (options.output === "json") showJson({ saved: false, ...shown });
        else show(terminal, ...formatPreview(tenant.tenant, shown), "Only shown: nothing was saved.");
      } else {
        const shown = options.yes === true ? undefined : await preview();
        if (shown) notify(terminal, ...formatPreview(tenant.tenant, shown));
        await confirmSave(terminal, options.yes === true);
        const approval = { ...json, ...(shown?.seen !== undefined && { seen: shown.seen }) };
        const call = { method: "POST", path, json: approval, answer: requestSchema } as const;
        const { value } = await askConsole(session, call);
        if (options.output === "json") showJson(value);
        else show(terminal, ...formatRequest(value));
      }
      finish(0);
    });
}
