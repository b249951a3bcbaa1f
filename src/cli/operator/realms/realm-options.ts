import type { Command } from "commander";
import { lookupIn, readYamlFiles } from "../../../config/index.ts";
import { systemRandom } from "../../../core/index.ts";
import { orRefuse, type RealmDeps, type RealmsWanted } from "../../../operations/index.ts";
import type { Terminal } from "../../terminal.ts";
import { openEnvironment } from "../files.ts";
import { listenerOf } from "../progress.ts";

/** What the commands on realms have in common. */
export interface RealmOptions {
  readonly environment: string;
  readonly realm?: readonly string[];
}

/** A file that was cut short, or that of another environment, would delete nearly everything: that must be meant. */
export const usualDeletes = 10;

/** `[paths...] --environment FILE --realm NAME…` */
export const realmOptions = (command: Command): Command =>
  environmentOption(command.argument("[paths...]", "realm files and folders", ["realms"])).option(
    "--realm <name...>",
    "only these realms",
  );

/** `--environment FILE` */
export const environmentOption = (command: Command): Command =>
  command.requiredOption("-e, --environment <file>", "where the servers are, and with which account");

/** Reads the files that the options name. */
export async function realmsWanted(
  terminal: Terminal,
  paths: readonly string[],
  options: RealmOptions,
): Promise<RealmsWanted> {
  const environment = await openEnvironment(terminal, options.environment);
  const files = orRefuse(readYamlFiles(paths), "the realms");
  return { files, environment, ...(options.realm !== undefined && { only: options.realm }) };
}

/** What operations on realms work with, at this terminal. */
export const realmDeps = (terminal: Terminal): RealmDeps => ({
  clock: terminal.clock,
  random: systemRandom,
  lookup: lookupIn(terminal.env),
  listener: listenerOf(terminal),
});
