import { readYamlFiles, type TextFile } from "../config/index.ts";
import { err, ok, type Result } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import { type BrokerFiles, policyOf } from "../operations/index.ts";
import type { Policy, PolicyInUse } from "../policy/index.ts";
import { formatProblem, type Problem, rereading } from "../yaml/index.ts";
import type { Job } from "./job.ts";

/** What following the policy files takes. */
interface PolicyFilesParts {
  readonly inUse: PolicyInUse;
  readonly files: Pick<BrokerFiles, "document" | "config">;
  readonly log: Log;
  /** Told after another policy came into use. */
  readonly changed: (before: string) => void;
}

/**
 * Puts changed files into use while the broker runs: a right that was taken out of them is gone from the next token a few
 * seconds later. Files with problems change nothing; the problems go to the log.
 */
export function policyFiles({ inUse, files, log, changed }: PolicyFilesParts): Job {
  const make = (found: readonly TextFile[]) => {
    const made = policyOf(files, found);
    return made.ok ? sameTargets(inUse.current(), made.value) : made;
  };
  const read = rereading(() => readYamlFiles(files.config.policies), make, inUse.current());
  return {
    name: "policy files",
    every: 1_500,
    leased: false,
    first: "at once",
    run: async () => {
      const found = read();
      if (!found.ok) return log.error({ problems: found.refusal.map(formatProblem) }, "the policy stays as it was");
      const before = inUse.current().digest;
      if (inUse.replace(found.value)) changed(before);
    },
  };
}

/** Every target is a client of the issuer, and clients are made once. */
function sameTargets(now: Policy, next: Policy): Result<Policy, Problem[]> {
  const names = ({ targets }: Policy) => [...targets.keys()].sort().join(", ");
  if (names(now) === names(next)) return ok(next);
  const place = { file: "(policies)", line: 1, column: 1, path: "targets" };
  const message = `the targets are other ones: ${names(next)}, and not ${names(now)}`;
  return err([{ ...place, message, fix: "restart the broker to take them in" }]);
}
