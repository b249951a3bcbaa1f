import type { Command } from "commander";
import { CommandFailure, plain } from "../../../failure.ts";
import type { Finish } from "../../../finish.ts";
import { formatCommand } from "../../../settings.ts";
import { notify, show, type Terminal } from "../../../terminal.ts";
import type { Session } from "../../session/session.ts";
import { changesSchema, type PastChange, undoneSchema } from "../answers.ts";
import { type ChangeOptions, confirmSave } from "../change.ts";
import { askConsole, pathTo, type ReachedTenant } from "../console-api.ts";
import { openTenant, tenantOptions } from "../tenant-options.ts";

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
      else show(terminal, ...[...value.sentences, `Saved: commit ${value.commit}`].map(plain));
      finish(0);
    });
}

/** The change whose id begins so. */
async function changeNamed(session: Session, tenant: ReachedTenant, named: string): Promise<PastChange> {
  const { value } = await askConsole(session, { path: pathTo(tenant, "changes"), answer: changesSchema });
  const found = value.items.filter(({ commit }) => named.length >= 4 && commit.startsWith(named));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const happened = only === undefined ? "there is no change" : `there are ${found.length} changes`;
  throw new CommandFailure(`${happened} whose commit begins with “${plain(named)}”`, {
    means: "The last hundred changes can be undone, named by four letters of their commit at least.",
    fix: `run: ${formatCommand(session.settings, "tenant changes list")}`,
  });
}
