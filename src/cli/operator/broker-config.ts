import type { Command } from "commander";
import { type BrokerConfig, loadConfig, lookupIn, readYamlFiles } from "../../config/index.ts";
import { CommandFailure } from "../failure.ts";
import { ask, isInteractive, type Terminal, tell } from "../terminal.ts";
import { must } from "./files.ts";

/** `--config broker.yaml` */
export const configOption = (command: Command): Command =>
  command.option("-c, --config <file>", "the broker's configuration", "broker.yaml");

/** Reads the broker's configuration with its secrets. */
export function readBrokerConfig(file: string, { env }: Terminal): BrokerConfig {
  const [found] = must(readYamlFiles([file]), "the configuration");
  return must(loadConfig(found?.text ?? "", file, lookupIn(env)), "the configuration");
}

/** Shows what is going to happen and has the person type a word, unless `--yes` was given. Nothing else is a yes. */
export async function confirmTyped(
  terminal: Terminal,
  { lines, word, yes }: { lines: readonly string[]; word: string; yes: boolean },
): Promise<void> {
  tell(terminal, ...lines);
  if (yes) return;
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nobody is here to confirm it", { means: "Nothing was done.", fix: "give --yes" });
  }
  const typed = await ask(terminal, `Type "${word}" to go on: `);
  if (typed.trim() !== word) throw new CommandFailure("not confirmed", { means: "Nothing was done." });
}
