import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addList } from "./list.ts";
import { addUndo } from "./undo.ts";
import { addDiff, addWrite } from "./write.ts";

/** `cloudpass kubeconfig`. `self`: how this very program is run. */
export function addKubeconfig(program: Command, self: readonly string[], terminal: Terminal, finish: Finish): void {
  const kubeconfig = program
    .command("kubeconfig")
    .description("put the clusters that you may use into your kubeconfig")
    .addHelpText(
      "after",
      `
The entries hold no secret: kubectl gets its tokens from cloudpass. What else stands in the file keeps every byte.

Examples:
  cloudpass kubeconfig diff
  cloudpass kubeconfig write --use prod1
  cloudpass kubeconfig undo`,
    );
  addWrite(kubeconfig, self, terminal, finish);
  addDiff(kubeconfig, self, terminal, finish);
  for (const add of [addUndo, addList]) add(kubeconfig, terminal, finish);
}
