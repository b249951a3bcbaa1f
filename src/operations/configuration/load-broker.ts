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
import { type Clock, err, ok, type Result } from "../../core/index.ts";
import { loadPolicy, type Policy } from "../../policy/index.ts";
import { type RealmTables, rereadRealmTables } from "../../realms/index.ts";
import type { Repository } from "../../repository/index.ts";
import type { Lookup, Problem, YamlDocument } from "../../yaml/index.ts";
import { type HoldingPolicy, policyThatHolds } from "../policies/holding.ts";
import { readPolicyTexts } from "../policies/texts.ts";

/** What a broker starts with. */
export interface BrokerFiles {
  readonly document: YamlDocument;
  readonly config: BrokerConfig;
  readonly policy: Policy;
  /** The tenants' own files, where the configuration names their repository; whoever has it closes it. */
  readonly repository?: Repository;
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
export async function loadBroker(
  path: string,
  { lookup, clock, open }: { lookup: Lookup; clock: Clock; open: OpenTenants },
): Promise<Result<BrokerFiles, Unusable>> {
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
  const repository = config.policyRepository && (await open(config.policyRepository));
  const { policy, heldBack = [] } = take("the policy", await readPolicy(config, repository)) ?? {};
  if (policy) take("the clients", checkClientNames(document, config, policy));
  const readRealms = rereadRealmTables(() => readYamlFiles(config.realms), lookup);
  take("the realms", readRealms());
  const ofFiles = take("the files", checkBrokerFiles(document, config, clock.now()));
  const environment =
    config.reconcile && take("the environment file", readEnvironment(config.reconcile.environment, lookup));
  if (environment) take("the environment file", checkRepositories(document, config, environment.value));
  const ofEnvironment = environment && take("the environment file", checkEnvironmentFiles(environment.document));
  if (policy === undefined || problems.length > 0) {
    await repository?.close();
    return err({ what: parts.join(" and "), problems });
  }
  const warnings = [...heldBack, ...(ofFiles ?? []), ...(ofEnvironment ?? [])];
  return ok({
    ...{ document, config, policy, readRealms, warnings },
    ...(repository && { repository }),
    ...(environment && { environment: environment.value }),
  });
}

/** An operator's command must not plan without what managers gave: it would take it away from every cloud. */
function checkRepositories(
  document: YamlDocument,
  { policyRepository: ours, reconcile }: BrokerConfig,
  { policyRepository: theirs }: Environment,
): Result<void, Problem[]> {
  if (ours?.folder === theirs) return ok(undefined);
  const file = reconcile?.environment ?? "";
  const place = ours === undefined ? ["reconcile", "environment"] : ["policyRepository", "folder"];
  const message =
    ours === undefined
      ? "its environment file names a policyRepository, and the broker has none"
      : "the environment file does not name this repository, and commands that plan would not know what managers gave";
  const fix = ours === undefined ? "name it here, too" : `add policyRepository to ${file}`;
  return err([document.problem(place, message, fix)]);
}

/** Opens the repository of the tenants' files; `undefined` when it is not there, and need not be. Throws `Fault`. */
type OpenTenants = (settings: NonNullable<BrokerConfig["policyRepository"]>) => Promise<Repository | undefined>;

async function readPolicy(config: BrokerConfig, repository?: Repository): Promise<Result<HoldingPolicy, Problem[]>> {
  const found = await readPolicyTexts(config.policies, repository);
  if (!found.ok) return found;
  const load = (files: readonly TextFile[]) => loadPolicy(files, { endpoints: config.endpoints });
  return policyThatHolds(load, { texts: found.value, repository });
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
