import type { Command } from "commander";
import { checkPolicyFiles, readPolicyPaths } from "../../../operations/index.ts";
import { formatProblem, type Problem } from "../../../yaml/index.ts";
import { exitCodes } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { outputOption } from "../../output.ts";
import { show, type Terminal } from "../../terminal.ts";
import { problemAsJson } from "../as-json.ts";
import { readKnownPeople } from "../known-people.ts";

interface Options {
  readonly strict?: boolean;
  readonly people?: string;
  readonly output: string;
}

/** `cloudpass policies check` */
export function addCheck(policies: Command, terminal: Terminal, finish: Finish): void {
  outputOption(policies.command("check"))
    .description("every problem of policy files, and what is most likely not meant; asks no server")
    .argument("[paths...]", "policy files, folders, and bare repositories of tenants' files", ["policies"])
    .option("--strict", "warnings fail, too")
    .option("--people <ledger.json>", "people of `cloudpass people ledger`, to count the holders of sets")
    .addHelpText(
      "after",
      `
Problems are what apply and the broker refuse. The tests in the files are run, too.

Examples:
  cloudpass policies check policies/
  cloudpass policies check policies/ --strict --people people.json`,
    )
    .action(async (paths: string[], options: Options) => {
      finish(await check(terminal, paths, options));
    });
}

async function check(terminal: Terminal, paths: readonly string[], options: Options): Promise<number> {
  const files = await readPolicyPaths(paths, [], terminal.clock);
  const people = options.people === undefined ? {} : { people: await readKnownPeople(options.people) };
  const { problems, warnings } = files.ok
    ? checkPolicyFiles({ files: files.value, ...people }, terminal)
    : { problems: files.refusal, warnings: [] };
  if (options.output === "json")
    show(
      terminal,
      JSON.stringify({ problems: problems.map(problemAsJson), warnings: warnings.map(problemAsJson) }, undefined, 2),
    );
  else show(terminal, ...formatProblems(problems, warnings));
  const fails = problems.length > 0 || (options.strict === true && warnings.length > 0);
  return fails ? exitCodes.error : exitCodes.ok;
}

const formatProblems = (problems: readonly Problem[], warnings: readonly Problem[]): string[] => [
  ...problems.map(formatProblem),
  ...warnings.map(formatWarning),
  `${count(problems.length, "problem")}, ${count(warnings.length, "warning")}`,
];

/** A warning on one line, told apart from a problem. */
export const formatWarning = (warning: Problem): string =>
  formatProblem({ ...warning, message: `warning: ${warning.message}` });

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;
