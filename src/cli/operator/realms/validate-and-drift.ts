import type { Command } from "commander";
import { Fault, systemRandom } from "../../../core/index.ts";
import { checkDrift, type Drift, formatDrift } from "../../../realms/index.ts";
import { formatProblem } from "../../../yaml/index.ts";
import { exitCodes, faultFailure } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { notify, show, type Terminal } from "../../terminal.ts";
import { problemAsJson } from "../as-json.ts";
import { checkRealmFiles } from "../files.ts";
import { type RealmOptions, reachRealms, realmOptions } from "./reachable-realms.ts";

interface ValidateOptions {
  readonly secrets?: boolean;
  readonly output: string;
}

/** `cloudpass realms validate` */
export function addValidate(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(realms.command("validate"))
    .description("check the files; asks no server")
    .argument("[paths...]", "realm files and folders", ["realms"])
    .option("--secrets", "also look up the secrets; without it, none is needed")
    .addHelpText("after", "\nExample:\n  cloudpass realms validate realms/")
    .action((paths: string[], { secrets = false, output }: ValidateOptions) => {
      const { realms: names, problems } = checkRealmFiles(paths, terminal, secrets);
      if (output === "json")
        show(terminal, JSON.stringify({ realms: names, problems: problems.map(problemAsJson) }, undefined, 2));
      else if (problems.length === 0)
        show(terminal, `no problems: ${names.length === 0 ? "no realm" : names.join(", ")}`);
      else show(terminal, ...problems.map(formatProblem));
      finish(problems.length === 0 ? exitCodes.ok : exitCodes.error);
    });
}

/** `cloudpass realms drift` */
export function addDrift(realms: Command, terminal: Terminal, finish: Finish): void {
  outputOption(realmOptions(realms.command("drift")))
    .description("what is not as the files say, and who changed it; writes nothing, exit code 2 if anything")
    .addHelpText(
      "after",
      `
Who changed something is read from Keycloak's admin events, as far back as the realm keeps them.

Examples:
  cloudpass realms drift --environment production.yaml
  cloudpass realms drift --environment production.yaml --output json`,
    )
    .action(async (paths: string[], options: RealmOptions & { readonly output: string }) => {
      const drifts: Drift[] = [];
      for (const { spec, connection, discover } of await reachRealms(terminal, paths, options)) {
        notify(terminal, `reading realm ${spec.realm} …`);
        const deps = { clock: terminal.clock, random: systemRandom, discover };
        drifts.push(
          await checkDrift(spec, connection, deps).catch((problem: unknown) => {
            throw problem instanceof Fault ? faultFailure(problem, "What is there could not be read.") : problem;
          }),
        );
      }
      if (options.output === "json") show(terminal, JSON.stringify({ version: 1, drifts }, undefined, 2));
      else show(terminal, ...drifts.map(formatDrift));
      finish(exitCodeOf(drifts));
    });
}

function exitCodeOf(drifts: readonly Drift[]): number {
  if (drifts.some(({ plan }) => plan.conflicts.length > 0)) return exitCodes.error;
  return drifts.some(({ differences }) => differences.length > 0) ? exitCodes.changes : exitCodes.ok;
}
