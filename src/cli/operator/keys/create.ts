import type { Command } from "commander";
import { createSigningKeyFile, createSigningKeys, placeOfSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { notify } from "../../terminal.ts";
import { operatorActor } from "../actor.ts";
import { configOption } from "../broker.ts";
import { formatCreated } from "./format-keys.ts";
import type { KeyOptions, KeysCommand } from "./keys-command.ts";

/** `cloudpass keys create` */
export function addCreate(keys: Command, { terminal, on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("create")))
    .description("make new signing keys in a file, or where the configuration says; never touches what is there")
    .argument("[file]", "where to; none = where the configuration says")
    .addHelpText(
      "after",
      "\nExamples:\n  cloudpass keys create /var/lib/cloudpass/keys.json\n  cloudpass keys create --config broker.yaml",
    )
    .action(async (file: string | undefined, options: KeyOptions) => {
      if (file === undefined) {
        return on(options, async (state) => {
          const made = await createSigningKeys(state, operatorActor());
          answer(options, made, formatCreated(placeOfSigningKeys(state.config)));
        });
      }
      await createSigningKeyFile(file, terminal);
      notify(terminal, ...formatCreated(file));
    });
}
