import type { Command } from "commander";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { replacePersonFile } from "../person-file/person-file.ts";
import { ownClouds, withoutOurClouds } from "./entries.ts";
import { type CloudsOptions, openClouds, orFailure } from "./opened.ts";

/** `cloudpass clouds undo` */
export function addUndo(clouds: Command, terminal: Terminal, finish: Finish): void {
  personOptions(clouds.command("undo"))
    .description("take our entries and their tokens out again")
    .option("--file <file>", "the file; else OS_CLIENT_CONFIG_FILE, else ~/.config/openstack/clouds.yaml")
    .addHelpText(
      "after",
      `
Only entries of this broker go; everything else keeps its bytes. Nobody has to be logged in.

Example:
  cloudpass clouds undo`,
    )
    .action(async (options: CloudsOptions) => {
      const { session, files } = await openClouds(options, terminal);
      const { issuer } = session.settings;
      const { path, text } = files.clouds;
      const own = orFailure(ownClouds(path, text, issuer), files.clouds);
      // The secrets first.
      for (const file of [files.secure, files.clouds]) {
        const after = orFailure(withoutOurClouds(file.path, file.text, issuer), file);
        if (after !== file.text) await replacePersonFile(file, after);
      }
      const names = own.map(({ name }) => plain(name)).join(", ");
      show(terminal, plain(own.length === 0 ? `${path} holds nothing of ours` : `Taken out of ${path}: ${names}`));
      finish(0);
    });
}
