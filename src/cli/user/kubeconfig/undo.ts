import type { Command } from "commander";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { replacePersonFile } from "../person-file/person-file.ts";
import { ownEntries, withoutOurs } from "./entries.ts";
import { type KubeconfigOptions, openKubeconfig, orFailure } from "./opened.ts";

/** `cloudpass kubeconfig undo` */
export function addUndo(kubeconfig: Command, terminal: Terminal, finish: Finish): void {
  personOptions(kubeconfig.command("undo"))
    .description("take our entries out again")
    .option("--kubeconfig <file>", "the file; else the first of KUBECONFIG, else ~/.kube/config")
    .addHelpText(
      "after",
      `
Only entries that ask this broker for a token go; everything else keeps its bytes. Nobody has to be logged in.

Example:
  cloudpass kubeconfig undo`,
    )
    .action(async (options: KubeconfigOptions) => {
      const { session, file } = await openKubeconfig(options, terminal);
      const { issuer } = session.settings;
      const { own, current } = orFailure(ownEntries(file.path, file.text, issuer), file);
      const after = orFailure(withoutOurs(file.path, file.text, issuer), file);
      if (after !== file.text) await replacePersonFile(file, after);
      const names = own.map(({ name }) => plain(name)).join(", ");
      const was = own.some(({ name }) => name === current);
      show(
        terminal,
        own.length === 0 ? plain(`${file.path} holds nothing of ours`) : plain(`Taken out of ${file.path}: ${names}`),
        ...(was ? ["It was the current context: none is in use now."] : []),
      );
      finish(0);
    });
}
