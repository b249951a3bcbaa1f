import type { Command } from "commander";
import { placeOfSigningKeys, restoreSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { operatorActor } from "../actor.ts";
import { configOption } from "../broker.ts";
import { confirmTyped } from "../confirm.ts";
import { formatKeys } from "./format-keys.ts";
import type { KeyOptions, KeysCommand } from "./keys-command.ts";

interface Options extends KeyOptions {
  readonly yes?: boolean;
}

/** `cloudpass keys import` */
export function addImport(keys: Command, { terminal, on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("import")))
    .description(
      "put the key set of a file in the place of whatever is there: to move it into the store, or to restore it",
    )
    .argument("<file>", "a key file, or a copy made by `keys export`")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", "\nExample:\n  cloudpass keys import keys-copy.json --config broker.yaml")
    .action((file: string, options: Options) =>
      on(options, async (state) => {
        const lines = [
          `This puts the keys of ${file} in the place of ${placeOfSigningKeys(state.config)}.`,
          "Tokens of keys that are not in the file are refused.",
        ];
        await confirmTyped(terminal, { lines, word: "import", yes: options.yes === true });
        const restored = await restoreSigningKeys({ file }, state, operatorActor());
        answer(options, restored, formatKeys(restored));
      }),
    );
}
