import type { Command } from "commander";
import { planRealmRemovals, type RealmsWanted } from "../../../operations/index.ts";
import { formatPlan } from "../../../targets/index.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { confirmName } from "../confirm.ts";
import { confirmOption } from "../plan-options.ts";
import { type ApplyFlags, applyMade, meaning } from "../planning.ts";
import { destroyWhole } from "./destroy-whole.ts";
import { type RealmOptions, realmDeps, realmOptions, realmsWanted } from "./realm-options.ts";

interface Options extends RealmOptions, Pick<ApplyFlags, "confirm" | "output"> {
  readonly realmToo?: boolean;
}

/** `cloudpass realms destroy` */
export function addDestroy(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(realmOptions(realms.command("destroy")))
    .description("take out of the realms what is ours, and nothing else")
    .addOption(confirmOption())
    .option("--realm-too", "delete the realm itself with everything in it, if cloudpass made it")
    .addHelpText(
      "after",
      `
Shows what would go and asks for the realm's name. The realm itself, its settings, its accounts, and whatever somebody
else made or the file protects, stay. With --realm-too the realm goes as well, with all accounts. When it holds people who
came through none of our identity providers, or clients that others made, their number must be typed, too.

Examples:
  cloudpass realms destroy --environment test.yaml --realm scs --confirm scs
  cloudpass realms destroy --environment test.yaml --realm scs --realm-too --confirm scs 12`,
    )
    .action(async (paths: string[], options: Options) => {
      const wanted = await realmsWanted(terminal, paths, options);
      finish(await (options.realmToo === true ? destroyWhole : destroyOurs)(terminal, wanted, options));
    });
}

/** Takes out what is ours, after each realm's name was typed. */
async function destroyOurs(terminal: Terminal, wanted: RealmsWanted, options: Options): Promise<number> {
  const made = await planRealmRemovals(wanted, realmDeps(terminal)).catch(meaning("Nothing was changed."));
  const going = made.filter(({ plan }) => plan.steps.length > 0);
  (options.output === "json" ? notify : show)(terminal, ...made.map(({ plan }) => formatPlan(plan)));
  for (const { name, plan } of going) {
    if (options.confirm?.includes(name)) continue;
    await confirmName(terminal, name, `${plan.steps.length} objects of realm ${name} would be deleted for good.`);
  }
  return applyMade(terminal, going, options);
}
