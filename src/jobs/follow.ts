import { hostname } from "node:os";
import type { Audit } from "../audit/index.ts";
import { readYamlFiles } from "../config/index.ts";
import type { Clock, Random } from "../core/index.ts";
import { type Log, listen, type Metric, metricsPage } from "../http/index.ts";
import type { BrokerFiles, PolicyFiles } from "../operations/index.ts";
import type { PolicyInUse } from "../policy/index.ts";
import { loadRealmsToCompare } from "../realms/index.ts";
import type { Store } from "../store/index.ts";
import type { Lookup } from "../yaml/index.ts";
import { keepTargets } from "./keep-targets.ts";
import { lookAtRealms } from "./look-at-realms.ts";
import { realmMetrics, targetMetrics } from "./metrics.ts";
import { policyFiles as policyFilesJob } from "./policy-files.ts";
import { pushPolicies } from "./push-policies.ts";
import type { Scheduler } from "./scheduler.ts";

/** What following files, targets and realms takes. */
interface FollowParts {
  readonly policy: PolicyInUse;
  readonly policyFiles: PolicyFiles;
  readonly store: Store;
  readonly lookup: Lookup;
  readonly audit: Audit;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

/** Who this instance is, for whoever finds one of its leases. */
export const holder = (): string => `the broker on ${hostname()}`;

/**
 * Follows the policy files, looks after targets and realms as far as the configuration asks for it, and shows the metrics.
 * `stop` ends the page of metrics; the scheduler ends the jobs. Throws `Fault` when the page's port cannot be had.
 */
export async function follow(
  scheduler: Pick<Scheduler, "start">,
  files: BrokerFiles,
  parts: FollowParts,
): Promise<{ stop(graceMillis: number): Promise<void> }> {
  const { config } = files;
  let metrics = (): Metric[] => [];
  const page =
    config.metrics &&
    (await listen(
      metricsPage(() => metrics()),
      config.metrics,
      parts.clock,
    ));
  try {
    metrics = startJobs(scheduler, files, parts);
  } catch (problem) {
    await page?.close(0);
    throw problem;
  }
  return { stop: async (graceMillis) => page?.close(graceMillis) };
}

/** Answers what the metrics are now. */
function startJobs(scheduler: Pick<Scheduler, "start">, files: BrokerFiles, parts: FollowParts): () => Metric[] {
  const { environment, config } = files;
  const { reconcile } = config;
  const { policy, policyFiles, lookup, audit, log } = parts;
  const readRealms = () => {
    const found = readYamlFiles(config.realms);
    return found.ok ? loadRealmsToCompare(found.value, lookup) : found;
  };
  const all = environment && { ...parts, environment, realms: readRealms, holder: holder() };
  const realms = all && reconcile && lookAtRealms(scheduler, reconcile, all);
  const targets = all && reconcile && keepTargets(scheduler, reconcile, all);
  const changed = (before: string) => {
    log.info({ policy: policy.current().digest }, "the policy files have changed, and are in use");
    audit.record("policy.changed", { policy: policy.current().digest, before });
    targets?.changed();
  };
  policyFiles.onChange(changed);
  scheduler.start(policyFilesJob(policyFiles, log));
  const remote = policyFiles.repository?.remote;
  if (remote) scheduler.start(pushPolicies(remote, policyFiles, log));
  return () => [...(targets ? targetMetrics(targets.states()) : []), ...(realms ? realmMetrics(realms.states()) : [])];
}
