import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { type ReachableTarget, reachTargets } from "../../../operations/index.ts";
import type { Policy } from "../../../policy/index.ts";
import type { Terminal } from "../../terminal.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { listenerOf } from "../progress.ts";

/** What the commands on targets of a policy have in common. */
export interface TargetOptions {
  readonly environment: string;
  readonly target?: readonly string[];
}

/** `[paths...] --environment FILE --target NAME…` */
export const targetOptions = (command: Command): Command =>
  command
    .argument("[paths...]", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
    .option("--target <name...>", "only these clouds and clusters");

/** Reads the files, and finds the targets that the options name. */
export async function targetsWanted(
  terminal: Terminal,
  paths: readonly string[],
  options: TargetOptions,
): Promise<{ readonly policy: Policy; readonly reached: readonly ReachableTarget[] }> {
  const environment = await openEnvironment(terminal, options.environment);
  const policy = await readPolicy(terminal, paths, environment);
  const wanted = { policy, environment, ...(options.target !== undefined && { only: options.target }) };
  return { policy, reached: reachTargets(wanted, targetDeps(terminal, options)) };
}

/** What operations on targets work with, at this terminal. */
export const targetDeps = (terminal: Terminal, { environment }: TargetOptions) => ({
  clock: terminal.clock,
  random: systemRandom,
  listener: listenerOf(terminal, { environmentFile: environment }),
});
