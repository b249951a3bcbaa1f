import type { Command } from "commander";
import { checkRealmDrift } from "../../../operations/index.ts";
import { type Drift, formatDrift } from "../../../realms/index.ts";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { meaning } from "../planning.ts";
import { type RealmOptions, realmDeps, realmOptions, realmsWanted } from "./realm-options.ts";

/** `cloudpass realms drift` */
export function addDrift(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(realmOptions(realms.command("drift")))
    .description("what is not as the files say, and who changed it; writes nothing, exit code 2 if anything")
    .addHelpText(
      "after",
      `
Who changed something is read from Keycloak's admin events, as far back as the realm keeps them.

Examples:
  cloudpass realms drift --environment production.yaml
  cloudpass realms drift --environment production.yaml --output json`,
    )
    .action(async (paths: string[], options: RealmOptions & { readonly output: string }) => {
      const wanted = await realmsWanted(terminal, paths, options);
      const drifts = await checkRealmDrift(wanted, realmDeps(terminal)).catch(
        meaning("What is there could not be read."),
      );
      if (options.output === "json") show(terminal, JSON.stringify({ version: 1, drifts }, undefined, 2));
      else show(terminal, ...drifts.map(formatDrift));
      finish(exitCodeOf(drifts));
    });
}

function exitCodeOf(drifts: readonly Drift[]): number {
  if (drifts.some(({ plan }) => plan.conflicts.length > 0)) return exitCodes.error;
  return drifts.some(({ differences }) => differences.length > 0) ? exitCodes.changes : exitCodes.ok;
}
