import type { Command } from "commander";
import { lookupIn } from "../../../config/index.ts";
import { err } from "../../../core/index.ts";
import { loadBroker, openIfThere, orRefuse, realmNames } from "../../../operations/index.ts";
import { formatProblem, formatYaml } from "../../../yaml/index.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";

/** `cloudpass config check` */
export function addConfig(program: Command, terminal: Terminal, finish: Finish): void {
  outputOption(program.command("config").description("the broker's configuration").command("check"))
    .description("check the configuration with its policy and realms, and show what takes effect")
    .argument("<file>", "broker.yaml")
    .addHelpText(
      "after",
      "\nSecrets are read, as at the start of the broker, but not shown.\n\nExample:\n  cloudpass config check broker.yaml",
    )
    .action(async (file: string, { output }: { output: string }) => {
      const lookup = lookupIn(terminal.env);
      const loaded = await loadBroker(file, { lookup, clock: terminal.clock, open: openIfThere(terminal.clock) });
      if (!loaded.ok) return orRefuse(err(loaded.refusal.problems), loaded.refusal.what);
      const { config, policy, warnings, repository } = loaded.value;
      await repository?.close();
      const realms = realmNames(config, { lookup });
      const shown: unknown = JSON.parse(JSON.stringify(config)); // a Secret turns into "[secret]" here
      show(terminal, output === "json" ? JSON.stringify(shown, undefined, 2) : formatYaml(shown).trimEnd());
      notify(terminal, ...warnings.map((warning) => `warning: ${formatProblem(warning)}`));
      const { size } = policy.tenants;
      notify(
        terminal,
        `The configuration is good: ${policy.targets.size} targets, ${size} tenants, ${realms.length} realms.`,
      );
      finish(0);
    });
}
