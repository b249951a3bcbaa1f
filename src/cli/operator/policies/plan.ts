import type { Command } from "commander";
import { planTargets } from "../../../operations/index.ts";
import { formatWorstCase } from "../../../targets/index.ts";
import type { Finish } from "../../finish.ts";
import { notify, type Terminal } from "../../terminal.ts";
import { planOptions } from "../plan-options.ts";
import { meaning, type PlanFlags, showPlans } from "../planning.ts";
import { formatWarning } from "./check.ts";
import { type TargetOptions, targetDeps, targetOptions, targetsWanted } from "./target-options.ts";

/** `cloudpass policies plan` */
export function addPlan(policies: Command, terminal: Terminal, finish: Finish): void {
  planOptions(targetOptions(policies.command("plan")))
    .description("what apply would do; exit code 2 if anything")
    .addHelpText("after", "\nExample:\n  cloudpass policies plan policies/ --environment production.yaml")
    .action(async (paths: string[], options: TargetOptions & PlanFlags) => {
      const { policy, reached } = await targetsWanted(terminal, paths, options);
      notify(terminal, ...policy.warnings(terminal.clock.now()).map(formatWarning));
      const made = await planTargets(reached, targetDeps(terminal, options)).catch(meaning("Nothing was changed."));
      const code = showPlans(terminal, made, options);
      notify(terminal, ...reached.map(({ target }) => formatWorstCase(target)));
      finish(code);
    });
}
