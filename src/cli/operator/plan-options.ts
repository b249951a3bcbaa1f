import { type Command, InvalidArgumentError, Option } from "commander";
import { outputOption } from "../output.ts";

/** The options that every `plan` has; `maxDeletes` is a default. */
export const planOptions = (command: Command, maxDeletes?: number): Command =>
  outputOption(command)
    .option("--out <file>", "also write the plan there, for apply --plan")
    .addOption(maxDeletesOption(maxDeletes));

/** The options that every `apply` has. */
export const applyOptions = (command: Command, maxDeletes?: number): Command =>
  outputOption(command)
    .option("-y, --yes", "do not ask")
    .option("--plan <file>", "carry out this plan of an earlier run, or nothing if it is not true any more")
    .addOption(confirmOption())
    .addOption(maxDeletesOption(maxDeletes));

/** `--confirm NAME…` */
export const confirmOption = (): Option =>
  new Option("--confirm <name...>", "names typed ahead, for what cannot be undone (--yes does not cover that)");

function maxDeletesOption(byDefault: number | undefined): Option {
  const option = new Option("--max-deletes <number>", "refuse a plan that deletes more objects").argParser(wholeNumber);
  return byDefault === undefined ? option : option.default(byDefault);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number expected");
  return Number(text);
}
