import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addApply } from "./apply.ts";
import { addCheck } from "./check.ts";
import { addExplain } from "./explain.ts";
import { addPlan } from "./plan.ts";

/** `cloudpass policies check|plan|apply|explain` */
export function addPolicies(program: Command, terminal: Terminal, finish: Finish): void {
  const policies = program.command("policies").description("who may do what, on clouds and clusters");
  for (const add of [addCheck, addPlan, addApply, addExplain]) add(policies, terminal, finish);
}
