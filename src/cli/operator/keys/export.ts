import type { Command } from "commander";
import { placeOfSigningKeys, saveSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { configOption } from "../broker.ts";
import type { KeyOptions, KeysCommand } from "./keys-command.ts";

/** `cloudpass keys export` */
export function addExport(keys: Command, { on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("export")))
    .description("write a copy of the key set to a new file that only you may read, to keep in a safe place")
    .argument("<file>", "where to")
    .addHelpText("after", "\nExample:\n  cloudpass keys export keys-copy.json --config broker.yaml")
    .action((file: string, options: KeyOptions) =>
      on(options, async (state) => {
        await saveSigningKeys({ file }, state);
        answer(options, { file }, [
          `Copied ${placeOfSigningKeys(state.config)} to ${file}. Who has it can issue tokens: keep it like a key.`,
        ]);
      }),
    );
}
