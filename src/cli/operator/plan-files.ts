import { readFileSync, writeFileSync } from "node:fs";
import { type Plan, savePlans } from "../../targets/index.ts";
import { CommandFailure } from "../failure.ts";
import { notify, type Terminal } from "../terminal.ts";

/** Writes plans to a file, for a later `apply --plan`. They hold no secret, but settings that not everybody need see. */
export function writePlans(terminal: Terminal, file: string, plans: readonly Plan[]): void {
  try {
    writeFileSync(file, savePlans(plans), { mode: 0o600 });
  } catch (cause) {
    throw new CommandFailure(`the plan file ${file} cannot be written`, { fix: "check folder and permissions", cause });
  }
  notify(terminal, `the plan is in ${file}; carry out exactly that with apply --plan ${file}`);
}

/** Reads a file of plans that were made earlier. */
export function readPlanFile(file: string): { readonly file: string; readonly text: string } {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new CommandFailure(`the plan file ${file} cannot be read`, { fix: "check the path", cause });
  }
}
