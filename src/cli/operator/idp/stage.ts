import type { Command } from "commander";
import { nextStages, type Stage, type WrittenIdentityProvider, withStage } from "../../../realms/index.ts";
import { suggest } from "../../../yaml/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { type ChangeFlags, changeOptions, changeWritten, pathsArgument } from "./files.ts";

interface Options extends ChangeFlags {
  readonly tester?: readonly string[];
}

/** `cloudpass idp stage` */
export function addStage(idp: Command, terminal: Terminal, finish: Finish): void {
  const command = idp
    .command("stage")
    .argument("<id>", "the identity provider")
    .argument("<stage>", "where it shall be");
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
      const testers = options.tester ?? [];
      const staged = (found: WrittenIdentityProvider) => ({
        text: withStage(found, stageAfter(found, stage, testers), testers),
      });
      finish(await changeWritten(terminal, id, paths, options, staged));
    });
}

/** The stage that is asked for, if it may be the next one. */
function stageAfter({ entry, stage: from }: WrittenIdentityProvider, to: string, testers: readonly string[]): Stage {
  const known = Object.keys(nextStages);
  if (!known.includes(to)) throw new CommandFailure(`"${to}" is no stage`, { means: suggest(to, known) });
  if (testers.length > 0 && to !== "testing") {
    throw new CommandFailure("testers mean something at the stage testing only", { fix: "leave --tester out" });
  }
  if (to === "testing" && testers.length === 0 && entry["testers"] === undefined) {
    throw new CommandFailure("nobody is named who may test", {
      fix: "name at least one person: --tester ann@a.example",
    });
  }
  if (to === from || nextStages[from].includes(to as Stage)) return to as Stage;
  throw new CommandFailure(`from ${from} it cannot go to ${to}`, {
    ...(from === "draft" && { means: "Somebody must have tried it before everybody is let in." }),
    fix: `next may be: ${nextStages[from].join(", ")}`,
  });
}
