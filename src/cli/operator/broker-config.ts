import type { Command } from "commander";
import { type BrokerConfig, loadConfig, lookupIn, readYamlFiles } from "../../config/index.ts";
import { CommandFailure } from "../failure.ts";
import { ask, isInteractive, notify, type Terminal } from "../terminal.ts";
import { must } from "./files.ts";

/** `--config broker.yaml` */
export const configOption = (command: Command): Command =>
  command.option("-c, --config <file>", "the broker's configuration", "broker.yaml");

/** Reads the broker's configuration; a secret when it is used. */
export function readBrokerConfig(file: string, { env }: Terminal): BrokerConfig {
  const [found] = must(readYamlFiles([file]), "the configuration");
  return must(loadConfig(found?.text ?? "", file, lookupIn(env), "when used"), "the configuration");
}

/** Shows what is going to happen and has the person type a word, unless `--yes` was given. Nothing else is a yes. */
export async function confirmTyped(
  terminal: Terminal,
  { lines, word, yes }: { lines: readonly string[]; word: string; yes: boolean },
): Promise<void> {
  notify(terminal, ...lines);
  if (yes) return;
  if (!isInteractive(terminal)) {
    throw new CommandFailure("nobody is here to confirm it", { means: "Nothing was done.", fix: "give --yes" });
  }
  const typed = await ask(terminal, `Type "${word}" to go on: `);
  if (typed.trim() !== word) throw new CommandFailure("not confirmed", { means: "Nothing was done." });
}

/** The configuration of a broker whose state another process can reach. */
export function readSharedConfig(file: string, terminal: Terminal): BrokerConfig {
  const config = readBrokerConfig(file, terminal);
  if (config.store.kind !== "memory") return config;
  throw new CommandFailure("this broker keeps its state in memory, where no other process can reach it", {
    means: "Nothing was done.",
    fix: "restart the broker: that ends every login and session of everybody; or use store: {kind: redis, …}",
  });
}
