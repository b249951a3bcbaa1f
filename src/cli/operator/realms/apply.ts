import type { Command } from "commander";
import { planRealms } from "../../../operations/index.ts";
import type { Finish } from "../../finish.ts";
import type { Terminal } from "../../terminal.ts";
import { applyOptions } from "../plan-options.ts";
import { type ApplyFlags, applyAll, meaning } from "../planning.ts";
import { type RealmOptions, realmDeps, realmOptions, realmsWanted, usualDeletes } from "./realm-options.ts";

/** `cloudpass realms apply` */
export function addApply(realms: Command, terminal: Terminal, finish: Finish): void {
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
      const wanted = await realmsWanted(terminal, paths, options);
      const made = await planRealms(wanted, realmDeps(terminal)).catch(meaning("Nothing was changed."));
      finish(await applyAll(terminal, made, options));
    });
}
