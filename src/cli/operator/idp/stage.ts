import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { stageIdentityProvider } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { type ChangeFlags, changeOptions, confirmChangeOf, pathsArgument, readFiles } from "./files.ts";

interface Options extends ChangeFlags {
  readonly tester?: readonly string[];
}

/** `cloudpass idp stage` */
export function addStage(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = idp
    .command("stage")
    .argument("<id>", "the identity provider")
    .argument("<stage>", "the stage to move it to");
  changeOptions(pathsArgument(command))
    .description("draft → testing → active → suspended, in the realm file")
    .option(
      "--tester <name...>",
      "who may log in while testing: user names as the provider gives them, or e-mail addresses that it verified",
    )
    .addHelpText(
      "after",
      `
draft and suspended let nobody in, testing only named people, active everybody of the customer. Suspending ends every
login and session of its people for good.

Examples:
  cloudpass idp stage customer-a-idp testing --tester ann@a.example
  cloudpass idp stage customer-a-idp active --yes
  cloudpass idp stage customer-a-idp suspended --dry-run`,
    )
    .action(async (id: string, stage: string, paths: string[], options: Options) => {
      const wanted = { files: readFiles(paths), id, stage, testers: options.tester ?? [] };
      const staged = stageIdentityProvider(wanted, { lookup: lookupIn(terminal.env) });
      finish(await confirmChangeOf(terminal, staged, {}, { ...options, paths }));
    });
}
