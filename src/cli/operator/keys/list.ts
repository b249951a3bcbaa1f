import type { Command } from "commander";
import { listSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { configOption } from "../broker.ts";
import { formatKeys } from "./format-keys.ts";
import type { KeyOptions, KeysCommand } from "./keys-command.ts";

/** `cloudpass keys list` */
export function addList(keys: Command, { on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("list")))
    .description("the keys: what they are for, what they do now and until when")
    .addHelpText("after", "\nExample:\n  cloudpass keys list --config /etc/cloudpass/broker.yaml")
    .action((options: KeyOptions) =>
      on(options, async (state) => {
        const found = await listSigningKeys(state);
        answer(options, found, formatKeys(found));
      }),
    );
}
