import { type BrokerConfig, checkClientNames, readYamlFiles, type TextFile } from "./config/index.ts";
import { err, every, ok, type Result } from "./core/index.ts";
import type { Log } from "./http/index.ts";
import { loadPolicy, type Policy, type PolicyInUse } from "./policy/index.ts";
import { type Problem, rereading, sayProblem } from "./yaml/index.ts";

/** A right that was taken out of the files is gone from the next token a few seconds later. */
const readEveryMs = 1_500;

/** Reads the configured policy files, with the names that the configuration's clients use of them. */
export function readPolicy(config: BrokerConfig, configFile: TextFile): Result<Policy, Problem[]> {
  const files = readYamlFiles(config.policies);
  return files.ok ? policyOf(config, configFile, files.value) : files;
}

function policyOf(config: BrokerConfig, configFile: TextFile, files: readonly TextFile[]): Result<Policy, Problem[]> {
  const loaded = loadPolicy(files, { endpoints: config.endpoints });
  if (!loaded.ok) return loaded;
  const names = checkClientNames(configFile, config, loaded.value);
  return names.ok ? loaded : err(names.refusal);
}

/** What a watch over the policy files is given. */
export interface PolicyWatchParts {
  readonly inUse: PolicyInUse;
  readonly configFile: TextFile;
  readonly log: Log;
  /** Told after another policy came into use. */
  readonly changed: (before: string) => void;
}

/** Puts changed files into use while the broker runs. Files with problems change nothing; the problems go to the log. */
export function watchPolicyFiles(config: BrokerConfig, parts: PolicyWatchParts): () => void {
  const { inUse, configFile, log, changed } = parts;
  const make = (files: readonly TextFile[]) => {
    const made = policyOf(config, configFile, files);
    return made.ok ? sameTargets(inUse.current(), made.value) : made;
  };
  const read = rereading(() => readYamlFiles(config.policies), make, inUse.current());
  const look = () => {
    const found = read();
    if (!found.ok) return log.error({ problems: found.refusal.map(sayProblem) }, "the policy stays as it was");
    const before = inUse.current().digest;
    if (inUse.replace(found.value)) changed(before);
  };
  look();
  return every(readEveryMs, look);
}

/** Every target is a client of the issuer, and clients are made once. */
function sameTargets(now: Policy, next: Policy): Result<Policy, Problem[]> {
  const names = ({ targets }: Policy) => [...targets.keys()].sort().join(", ");
  if (names(now) === names(next)) return ok(next);
  const place = { file: "(policies)", line: 1, column: 1, path: "targets" };
  const says = `the targets are other ones: ${names(next)}, and not ${names(now)}`;
  return err([{ ...place, says, fix: "restart the broker to take them in" }]);
}
