import type { Command } from "commander";
import { systemRandom } from "../../../core/index.ts";
import { planRealm } from "../../../realms/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { applyOptions, planOptions } from "../plan-options.ts";
import type { Plannable } from "../planned.ts";
import { type ApplyFlags, applyAll, type PlanFlags, showPlans } from "../planning.ts";
import { addDestroy } from "./destroy.ts";
import { addImport } from "./import.ts";
import { appliable, type RealmOptions, reachRealms, realmOptions } from "./reachable-realms.ts";
import { addDrift, addValidate } from "./validate-and-drift.ts";

/** A file that was cut short, or that of another environment, would delete nearly everything: that must be meant. */
const usualDeletes = 10;

/** `cloudpass realms validate|plan|apply|drift|import|destroy` */
export function addRealms(program: Command, terminal: Terminal, finish: Finish): void {
  const realms = program.command("realms").description("Keycloak realms from files");
  addValidate(realms, terminal, finish);
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
      finish(await showPlans(terminal, await realmsOf(terminal, paths, options), options));
    });
  applyOptions(realmOptions(realms.command("apply")), usualDeletes)
    .description("make the realms as the files say")
    .addHelpText(
      "after",
      `
Shows the plan, asks, applies it, reads back. Running it again does nothing.

Examples:
  cloudpass realms apply realms/ --environment production.yaml
  cloudpass realms apply --environment production.yaml --plan plan.json --yes
  cloudpass realms apply --environment production.yaml --yes --confirm old-idp   deletes the IdP old-idp for good`,
    )
    .action(async (paths: string[], options: RealmOptions & ApplyFlags) => {
      finish(await applyAll(terminal, await realmsOf(terminal, paths, options), options));
    });
  addDrift(realms, terminal, finish);
  addImport(realms, terminal, finish);
  addDestroy(realms, terminal, finish);
}

async function realmsOf(terminal: Terminal, paths: readonly string[], options: RealmOptions): Promise<Plannable[]> {
  const reached = await reachRealms(terminal, paths, options);
  return reached.map(({ spec, connection, discover }) => ({
    name: `realm ${spec.realm}`,
    plan: async () =>
      appliable(await planRealm(spec, connection, { clock: terminal.clock, random: systemRandom, discover })),
  }));
}
