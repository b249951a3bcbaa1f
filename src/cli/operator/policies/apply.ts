import type { Command } from "commander";
import { planTargets } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { applyOptions } from "../plan-options.ts";
import { type ApplyFlags, applyAll, meaning } from "../planning.ts";
import { type TargetOptions, targetDeps, targetOptions, targetsWanted } from "./target-options.ts";

/** `cloudpass policies apply` */
export function addApply(policies: Command, terminal: Terminal, finish: Finish): void {
  applyOptions(targetOptions(policies.command("apply")))
    .description("make clouds and clusters give what the policy says, and no more")
    .addHelpText(
      "after",
      "\nShows the plan, asks, takes rights away before it gives any, reads back. Running it again does nothing.\n\nExample:\n  cloudpass policies apply policies/ --environment production.yaml --target gx1",
    )
    .action(async (paths: string[], options: TargetOptions & ApplyFlags) => {
      const { reached } = await targetsWanted(terminal, paths, options);
      const made = await planTargets(reached, targetDeps(terminal, options)).catch(meaning("Nothing was changed."));
      finish(await applyAll(terminal, made, options));
    });
}
