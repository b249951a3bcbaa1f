import type { Command } from "commander";
import { systemRandom } from "../../core/index.ts";
import { planRemoval } from "../../realms/index.ts";
import { sayPlan } from "../../targets/index.ts";
import { outputOption } from "../commands/output.ts";
import type { Finish } from "../commands/types.ts";
import { show, type Terminal, tell } from "../terminal.ts";
import { confirmName } from "./confirm.ts";
import { confirmOption } from "./plan-options.ts";
import { type ApplyFlags, applyMade, makePlans } from "./planning.ts";
import { appliable, type RealmOptions, reachRealms, realmOptions } from "./realm-files.ts";

/** `cloudpass realms destroy` */
export function addDestroy(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(realmOptions(realms.command("destroy")))
    .description("take out of the realms what is ours, and nothing else")
    .addOption(confirmOption())
    .addHelpText(
      "after",
      `
Shows what would go and asks for the realm's name. The realm itself, its settings, its accounts, and whatever somebody
else made or the file protects, stay.

Example:
  cloudpass realms destroy --environment test.yaml --realm scs --confirm scs`,
    )
    .action(async (paths: string[], options: RealmOptions & Pick<ApplyFlags, "confirm" | "output">) => {
      const reached = await reachRealms(terminal, paths, options);
      const deps = { clock: terminal.clock, random: systemRandom };
      const things = reached.map(({ spec, connection }) => ({
        name: spec.realm,
        plan: async () => appliable(await planRemoval(spec, connection, deps)),
      }));
      const made = await makePlans(terminal, things);
      const going = made.filter(({ plan }) => plan.steps.length > 0);
      (options.output === "json" ? tell : show)(terminal, ...made.map(({ plan }) => sayPlan(plan)));
      for (const { name, plan } of going) {
        if (options.confirm?.includes(name)) continue;
        await confirmName(terminal, name, `${plan.steps.length} objects of realm ${name} would be deleted for good.`);
      }
      finish(await applyMade(terminal, going, options));
    });
}
