import type { Command } from "commander";
import { listSigningKeys, placeOfSigningKeys, replaceSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { operatorActor } from "../actor.ts";
import { configOption } from "../broker.ts";
import { confirmTyped } from "../confirm.ts";
import { formatEmergency, formatReplaced } from "./format-keys.ts";
import { type KeyOptions, type KeysCommand, type UseOptions, useOption, usesOf } from "./keys-command.ts";

interface Options extends KeyOptions, UseOptions {
  readonly yes?: boolean;
}

/** `cloudpass keys emergency` */
export function addEmergency(keys: Command, { terminal, on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("emergency").addOption(useOption())))
    .description("a key may be in wrong hands: drop all keys, and have a new one sign at once")
    .option("-y, --yes", "do not ask")
    .addHelpText("after", "\nSays first what becomes invalid.\n\nExample:\n  cloudpass keys emergency --use token")
    .action((options: Options) =>
      on(options, async (state) => {
        const uses = usesOf(options);
        const before = (await listSigningKeys(state)).filter((k) => uses.includes(k.use));
        const lines = formatEmergency(placeOfSigningKeys(state.config), before);
        await confirmTyped(terminal, { lines, word: "emergency", yes: options.yes === true });
        const replaced = await replaceSigningKeys({ uses }, state, operatorActor());
        answer(options, replaced, formatReplaced(replaced));
      }),
    );
}
