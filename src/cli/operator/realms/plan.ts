import type { Command } from "commander";
import { planRealms } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { planOptions } from "../plan-options.ts";
import { meaning, type PlanFlags, showPlans } from "../planning.ts";
import { type RealmOptions, realmDeps, realmOptions, realmsWanted, usualDeletes } from "./realm-options.ts";

/** `cloudpass realms plan` */
export function addPlan(realms: Command, terminal: Terminal, finish: Finish): void {
  planOptions(realmOptions(realms.command("plan")), usualDeletes)
    .description("what apply would do; exit code 2 if anything")
    .addHelpText(
      "after",
      `
Examples:
  cloudpass realms plan realms/ --environment production.yaml
  cloudpass realms plan --environment production.yaml --out plan.json   then: apply --plan plan.json`,
    )
    .action(async (paths: string[], options: RealmOptions & PlanFlags) => {
      const wanted = await realmsWanted(terminal, paths, options);
      const made = await planRealms(wanted, realmDeps(terminal)).catch(meaning("Nothing was changed."));
      finish(showPlans(terminal, made, options));
    });
}
