import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { changesSchema } from "../answers.ts";
import { formatColumns } from "../columns.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, type TenantOptions, tenantOptions } from "../tenant-options.ts";

/** Of a commit, so much is shown, and is enough to name it. */
const shortCommit = 12;

/** `cloudpass tenant changes list` */
export function addList(changes: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(changes.command("list"))
    .description("the last hundred changes of the tenant's policy, the newest first")
    .addHelpText("after", "\nExamples:\n  cloudpass tenant changes list\n  cloudpass tenant changes list --output json")
    .action(async (options: TenantOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { value } = await askConsole(session, { path: pathTo(tenant, "changes"), answer: changesSchema });
      if (options.output === "json")
        show(
          terminal,
          JSON.stringify(
            {
              ...{ tenant: tenant.tenant, changes: value.items, not_pushed: value.not_pushed },
              ...(value.proposals.length > 0 && { proposals: value.proposals }),
              ...(value.not_in_use.length > 0 && { not_in_use: value.not_in_use }),
            },
            undefined,
            2,
          ),
        );
      else if (value.items.length === 0) show(terminal, "none");
      else {
        const rows = value.items.map((c) => [c.commit.slice(0, shortCommit), c.at, c.author, c.subject]);
        show(terminal, ...formatColumns(["COMMIT", "AT", "BY", "WHAT"], rows));
      }
      for (const { subject, branch, state } of value.proposals)
        notify(terminal, plain(`Proposed on ${branch} (${state}), and not in use until merged: ${subject}`));
      for (const { file, line, message } of value.not_in_use)
        notify(terminal, plain(`Pushed, and not in use: ${file}:${line}: ${message}`));
      if (value.not_pushed > 0)
        notify(terminal, `${value.not_pushed} of all changes are in use, and not pushed to the other repository yet.`);
      finish(0);
    });
}
