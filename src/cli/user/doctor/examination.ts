import type { Findings, Random } from "../../../core/index.ts";
import { CommandFailure } from "../../failure.ts";
import type { SettingOptions } from "../../settings.ts";
import type { Terminal } from "../../terminal.ts";

/** What an examination of a person's machine works with. */
export interface Examination {
  readonly options: SettingOptions;
  /** How this very program is run. */
  readonly self: readonly string[];
  readonly terminal: Terminal;
  readonly random: Random;
  readonly findings: Findings;
}

/**
 * Does what a command does, and makes a finding of its failure: the doctor says the same as the command that would fail. Answers
 * `undefined` where it failed.
 */
export async function orFinding<T>(
  findings: Findings,
  about: string,
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (problem) {
    if (!(problem instanceof CommandFailure)) throw problem;
    const { message, means, fix } = problem;
    const [why] = (means ?? "").split("\n"); // a place in a file has a picture of it below
    findings.fail(about, why ? `${message}. ${why}` : message, fix ?? "mend it and look again");
    return undefined;
  }
}
