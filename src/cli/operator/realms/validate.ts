import type { Command } from "commander";
import { lookupIn, readYamlFiles } from "../../../config/index.ts";
import { validateRealmFiles } from "../../../operations/index.ts";
import { formatProblem } from "../../../yaml/index.ts";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { problemAsJson } from "../as-json.ts";

interface Options {
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
    .action((paths: string[], { secrets = false, output }: Options) => {
      const files = readYamlFiles(paths);
      const { realms: names, problems } = files.ok
        ? validateRealmFiles({ files: files.value, secrets }, { lookup: lookupIn(terminal.env) })
        : { realms: [], problems: files.refusal };
      if (output === "json")
        show(terminal, JSON.stringify({ realms: names, problems: problems.map(problemAsJson) }, undefined, 2));
      else if (problems.length === 0)
        show(terminal, `no problems: ${names.length === 0 ? "no realm" : names.join(", ")}`);
      else show(terminal, ...problems.map(formatProblem));
      finish(problems.length === 0 ? exitCodes.ok : exitCodes.error);
    });
}
