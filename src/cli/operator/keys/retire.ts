import type { Command } from "commander";
import { parseTime } from "../../../core/index.ts";
import { listSigningKeys, retireSigningKey, type SigningKey } from "../../../operations/index.ts";
import { CommandFailure } from "../../failure.ts";
import { outputOption } from "../../output.ts";
import { formatDuration, type Terminal } from "../../terminal.ts";
import { operatorActor } from "../actor.ts";
import { configOption } from "../broker.ts";
import { confirmTyped } from "../confirm.ts";
import { formatRetire } from "./format-keys.ts";
import { adviceOf, type KeyOptions, type KeysCommand } from "./keys-command.ts";

interface Options extends KeyOptions {
  readonly yes?: boolean;
}

/** `cloudpass keys retire` */
export function addRetire(keys: Command, { terminal, on, answer }: KeysCommand): void {
  outputOption(configOption(keys.command("retire")))
    .description("stop publishing a key that does not sign, before its time; or take a rotation back")
    .argument("<kid>", "id of the key, or its start")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      "\nA key retires by itself when its last token is over: this is for when you cannot wait.\n\nExample:\n  cloudpass keys retire nYx2",
    )
    .action((start: string, options: Options) =>
      on(options, async (state) => {
        const key = onlyKey(await listSigningKeys(state), start, options);
        if (key.status === "retiring") await confirmEarly(terminal, key, options);
        const retirement = await retireSigningKey({ kid: key.kid }, state, operatorActor());
        if (retirement.outcome === "retired") return answer(options, retirement, formatRetire(key));
        throw new CommandFailure(`the key ${key.kid} signs`, {
          means: "Without it nothing could be issued. Nothing was done.",
          fix: `${adviceOf("rotate", options)}   replaces it without a gap, ${adviceOf("emergency", options)}   at once`,
        });
      }),
    );
}

function onlyKey(keys: readonly SigningKey[], start: string, options: Options): SigningKey {
  const [key, ...more] = keys.filter(({ kid }) => kid.startsWith(start));
  if (key !== undefined && more.length === 0) return key;
  const count = key === undefined ? "no key starts" : `${more.length + 1} keys start`;
  throw new CommandFailure(`${count} with "${start}"`, { fix: `see: ${adviceOf("list", options)}` });
}

/** Tokens that the key signed are still out. */
async function confirmEarly(terminal: Terminal, key: SigningKey, { yes }: Options): Promise<void> {
  const left = key.publishedUntil === undefined ? 0 : (parseTime(key.publishedUntil) ?? 0) - terminal.clock.now();
  const lines = [
    `The last token of ${key.kid} is over in ${formatDuration(left)}.`,
    "Without the key, tokens that it signed are refused before their end; people get new ones at their next refresh.",
  ];
  await confirmTyped(terminal, { lines, word: key.kid.slice(0, 8), yes: yes === true });
}
