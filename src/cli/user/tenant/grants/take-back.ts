import type { Command } from "commander";
import type { Finish } from "../../../finish.ts";
import type { Terminal } from "../../../terminal.ts";
import { shownGrantSchema } from "../answers.ts";
import { type ChangeOptions, tryAndSave } from "../change.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";

/** `cloudpass tenant grants take-back` */
export function addTakeBack(grants: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(grants.command("take-back"))
    .description("take a grant back from all who hold it")
    .argument("<grant>", "its id; see cloudpass tenant grants list")
    .option("--dry-run", "only show who would lose what")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
Shows first who loses what, and asks. It can be undone: see cloudpass tenant changes.

Examples:
  cloudpass tenant grants take-back auditor-person-bob --dry-run
  cloudpass tenant grants take-back auditor-person-bob --yes`,
    )
    .action(async (id: string, options: ChangeOptions & { readonly dryRun?: boolean }) => {
      const place = await openTenant(options, terminal);
      const path = pathTo(place.tenant, "grants", id);
      const { tag } = await askConsole(place.session, { path, answer: shownGrantSchema });
      await tryAndSave(terminal, place, { method: "DELETE", path, tag }, options);
      finish(0);
    });
}
