import type { Command } from "commander";
import { plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import { undoneSchema } from "../answers.ts";
import { type ChangeOptions, confirmSave, savedWord } from "../change.ts";
import { askConsole, pathTo } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";
import { changeNamed } from "./change-named.ts";

/** `cloudpass tenant changes undo` */
export function addUndo(changes: Command, terminal: Terminal, finish: Finish): void {
  tenantOptions(changes.command("undo"))
    .description("take back what one of the last hundred changes did")
    .argument("<commit>", "the change, or the beginning of it; see cloudpass tenant changes list")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      `
What somebody changed again since then is left, and said. An undo is a change itself, and can be undone.

Examples:
  cloudpass tenant changes undo 3f2a91c0
  cloudpass tenant changes undo 3f2a91c0 --yes`,
    )
    .action(async (named: string, options: ChangeOptions) => {
      const { session, tenant } = await openTenant(options, terminal);
      const { commit, subject, author, at } = await changeNamed(session, tenant, named);
      notify(terminal, plain(`This takes back “${subject}” of ${author}, ${at}.`));
      await confirmSave(terminal, options.yes === true);
      const path = pathTo(tenant, "changes", commit, "undo");
      const { value } = await askConsole(session, { method: "POST", path, answer: undoneSchema });
      if (options.output === "json") show(terminal, JSON.stringify({ tenant: tenant.tenant, ...value }, undefined, 2));
      else if (value.sentences.length === 0) show(terminal, "It was taken back already: nothing was saved.");
      else show(terminal, ...[...value.sentences, `${savedWord(value.proposed)}: commit ${value.commit}`].map(plain));
      finish(0);
    });
}
