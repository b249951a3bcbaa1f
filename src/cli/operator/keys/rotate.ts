import type { Command } from "commander";
import { rotateSigningKeys } from "../../../operations/index.ts";
import { outputOption } from "../../output.ts";
import { operatorActor } from "../actor.ts";
import { configOption } from "../broker.ts";
import { formatRotation } from "./format-keys.ts";
import { type KeyOptions, type KeysCommand, type UseOptions, useOption, usesOf } from "./keys-command.ts";

/** `cloudpass keys rotate` */
export function addRotate(keys: Command, { on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("rotate").addOption(useOption())))
    .description("publish a new key beside the present one; it takes over when everybody can know it")
    .addHelpText(
      "after",
      "\nNobody is logged out and nothing has to be restarted.\n\nExample:\n  cloudpass keys rotate",
    )
    .action((options: KeyOptions & UseOptions) =>
      on(options, async (state) => {
        const rotated = await rotateSigningKeys({ uses: usesOf(options) }, state, operatorActor());
        const { made, underWay } = rotated;
        answer(options, { made, underWay }, formatRotation(rotated));
      }),
    );
}
