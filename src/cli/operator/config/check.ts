import type { Command } from "commander";
import {
  type BrokerConfig,
  checkBrokerFiles,
  checkClientNames,
  checkEnvironmentFiles,
  loadConfig,
  loadEnvironment,
  lookupIn,
  readYamlFiles,
  type TextFile,
  type Warnings,
} from "../../../config/index.ts";
import { orRefuse } from "../../../operations/index.ts";
import { loadPolicy } from "../../../policy/index.ts";
import { loadRealms } from "../../../realms/index.ts";
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
    .action((file: string, { output }: { output: string }) => {
      const lookup = lookupIn(terminal.env);
      const [found] = orRefuse(readYamlFiles([file]), "the configuration");
      const config = orRefuse(loadConfig(found?.text ?? "", file, lookup), "the configuration");
      const policyFiles = orRefuse(readYamlFiles(config.policies), "the policy");
      const policy = orRefuse(loadPolicy(policyFiles, { endpoints: config.endpoints }), "the policy");
      if (found) orRefuse(checkClientNames(found, config, policy), "the clients");
      const realms = orRefuse(loadRealms(orRefuse(readYamlFiles(config.realms), "the realms"), lookup), "the realms");
      const warnings = found ? checkFiles(found, config, terminal) : [];
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

/** The files that the start reads besides, as it looks at them. */
function checkFiles(file: TextFile, config: BrokerConfig, { env, clock }: Terminal): Warnings {
  const warnings = orRefuse(checkBrokerFiles(file, config, clock.now()), "the files");
  if (config.reconcile === undefined) return warnings;
  const [environment] = orRefuse(readYamlFiles([config.reconcile.environment]), "the environment file");
  if (!environment) return warnings;
  orRefuse(loadEnvironment(environment.text, environment.file, lookupIn(env)), "the environment file");
  return [...warnings, ...orRefuse(checkEnvironmentFiles(environment), "the environment file")];
}
