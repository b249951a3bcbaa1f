import type { Command } from "commander";
import { suggest, systemRandom } from "../../core/index.ts";
import { applyRealm, planRealm, type RealmSpec } from "../../realms/index.ts";
import { outputOption } from "../commands/output.ts";
import type { Finish } from "../commands/types.ts";
import { CommandFailure } from "../failure.ts";
import { trustCa } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import { readEnvironment, readRealms } from "./files.ts";
import { applyAll, type Plannable, showPlans } from "./planning.ts";

interface Options {
  readonly environment: string;
  readonly realm?: readonly string[];
}

/** `cloudpass realms plan|apply` */
export function addRealms(program: Command, terminal: Terminal, finish: Finish): void {
  const realms = program.command("realms").description("Keycloak realms from files");
  const shared = (command: Command): Command =>
    command
      .argument("[paths...]", "realm files and folders", ["realms"])
      .requiredOption("-e, --environment <file>", "where the servers are, and with which account")
      .option("--realm <name...>", "only these realms");
  outputOption(shared(realms.command("plan")))
    .description("what apply would do; exit code 2 if anything")
    .addHelpText("after", "\nExample:\n  cloudpass realms plan realms/ --environment production.yaml")
    .action(async (paths: string[], options: Options & { output: string }) => {
      finish(await showPlans(terminal, await realmsOf(terminal, paths, options), options.output));
    });
  shared(realms.command("apply"))
    .description("make the realms as the files say")
    .option("-y, --yes", "do not ask")
    .addHelpText(
      "after",
      "\nShows the plan, asks, applies it, reads back. Running it again does nothing.\n\nExample:\n  cloudpass realms apply realms/ --environment production.yaml",
    )
    .action(async (paths: string[], options: Options & { yes?: boolean }) => {
      finish(await applyAll(terminal, await realmsOf(terminal, paths, options), options.yes === true));
    });
}

async function realmsOf(terminal: Terminal, paths: readonly string[], options: Options): Promise<Plannable[]> {
  const environment = readEnvironment(options.environment, terminal);
  await trustCa(environment.caFile);
  const specs = selectRealms(readRealms(paths, terminal), options.realm);
  return specs.map((spec) => {
    const connection = environment.keycloaks[spec.keycloak];
    if (connection === undefined) {
      throw new CommandFailure(`${spec.file}: the environment file has no Keycloak "${spec.keycloak}"`, {
        means: suggest(spec.keycloak, Object.keys(environment.keycloaks)),
        fix: `add it under "keycloaks" in ${options.environment}`,
      });
    }
    return {
      name: `realm ${spec.realm}`,
      plan: async () => {
        const planned = await planRealm(spec, connection, { clock: terminal.clock, random: systemRandom });
        return { plan: planned.plan, apply: (how) => applyRealm(planned, how) };
      },
    };
  });
}

function selectRealms(specs: readonly RealmSpec[], wanted: readonly string[] | undefined): readonly RealmSpec[] {
  if (wanted === undefined) return specs;
  const names = specs.map(({ realm }) => realm);
  for (const name of wanted) {
    if (!names.includes(name)) {
      throw new CommandFailure(`the files hold no realm "${name}"`, { means: suggest(name, names) });
    }
  }
  return specs.filter(({ realm }) => wanted.includes(realm));
}
