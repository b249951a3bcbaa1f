import type { Command } from "commander";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { addApply } from "./apply.ts";
import { addDestroy } from "./destroy.ts";
import { addDrift } from "./drift.ts";
import { addImport } from "./import.ts";
import { addPlan } from "./plan.ts";
import { addValidate } from "./validate.ts";

/** `cloudpass realms validate|plan|apply|drift|import|destroy` */
export function addRealms(program: Command, terminal: Terminal, finish: Finish): void {
  const realms = program.command("realms").description("Keycloak realms from files");
  for (const add of [addValidate, addPlan, addApply, addDrift, addImport, addDestroy]) add(realms, terminal, finish);
}
