import type { Log } from "../http/index.ts";
import type { PolicyFiles } from "../operations/index.ts";
import { formatProblem } from "../yaml/index.ts";
import type { Job } from "./job.ts";

/**
 * Puts changed files into use while the broker runs: a right that was taken out of them is gone from the next token a few
 * seconds later. Files with problems change nothing; the problems go to the log.
 */
export const policyFiles = (files: Pick<PolicyFiles, "look">, log: Log): Job => ({
  name: "policy files",
  every: 1_500,
  leased: false,
  first: "at once",
  run: async () => {
    const looked = await files.look();
    if (!looked.ok)
      log.error(
        { problems: looked.refusal.map(formatProblem) },
        "files with problems change nothing: what they say stays as it was",
      );
  },
});
