import {
  type BrokerConfig,
  checkBrokerFiles,
  checkClientNames,
  checkEnvironmentFiles,
  type Environment,
  readConfig,
  readEnvironment,
  readYamlFiles,
  type TextFile,
  type Warnings,
} from "../../config/index.ts";
import { err, type Instant, ok, type Result } from "../../core/index.ts";
import { loadPolicy, type Policy } from "../../policy/index.ts";
import { type RealmTables, rereadRealmTables } from "../../realms/index.ts";
import type { Lookup, Problem, YamlDocument } from "../../yaml/index.ts";

/** What a broker starts with. */
export interface BrokerFiles {
  readonly document: YamlDocument;
  readonly config: BrokerConfig;
  readonly policy: Policy;
  /** Reads what the realm files say of identity providers, again whenever it is asked. */
  readonly readRealms: () => Result<RealmTables, Problem[]>;
  /** The targets and realms that it looks after; absent: none. */
  readonly environment?: Environment;
  readonly warnings: Warnings;
}

/** Why it cannot start: which of its files, and every problem of them. */
interface Unusable {
  readonly what: string;
  readonly problems: Problem[];
}

/**
 * Reads `broker.yaml` and what it names: the one way that the start and its check go. Answers every problem of all that can
 * be read.
 */
export function loadBroker(
  path: string,
  { lookup, now }: { lookup: Lookup; now: Instant },
): Result<BrokerFiles, Unusable> {
  const parts: string[] = [];
  const problems: Problem[] = [];
  const take = <T>(part: string, result: Result<T, Problem[]>): T | undefined => {
    if (result.ok) return result.value;
    parts.push(part);
    problems.push(...result.refusal);
    return undefined;
  };
  const read = take("the configuration", readConfig(path, lookup));
  if (read === undefined) return err({ what: parts.join(" and "), problems });
  const { document, value: config } = read;
  const policy = take("the policy", readPolicy(config));
  if (policy) take("the clients", checkClientNames(document, config, policy));
  const readRealms = rereadRealmTables(() => readYamlFiles(config.realms), lookup);
  take("the realms", readRealms());
  const ofFiles = take("the files", checkBrokerFiles(document, config, now));
  const environment =
    config.reconcile && take("the environment file", readEnvironment(config.reconcile.environment, lookup));
  const ofEnvironment = environment && take("the environment file", checkEnvironmentFiles(environment.document));
  if (policy === undefined || problems.length > 0) return err({ what: parts.join(" and "), problems });
  const warnings = [...(ofFiles ?? []), ...(ofEnvironment ?? [])];
  return ok({ document, config, policy, readRealms, ...(environment && { environment: environment.value }), warnings });
}

function readPolicy(config: BrokerConfig): Result<Policy, Problem[]> {
  const files = readYamlFiles(config.policies);
  return files.ok ? loadPolicy(files.value, { endpoints: config.endpoints }) : files;
}

/** The policy of these files, if the clients of the configuration may use the names in it that they do. */
export function policyOf(
  { document, config }: Pick<BrokerFiles, "document" | "config">,
  files: readonly TextFile[],
): Result<Policy, Problem[]> {
  const policy = loadPolicy(files, { endpoints: config.endpoints });
  const names = policy.ok ? checkClientNames(document, config, policy.value) : policy;
  return names.ok ? policy : names;
}
