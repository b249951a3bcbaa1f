import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { getCACertificates } from "node:tls";
import type { BrokerConfig, Environment } from "./config/index.ts";
import {
  type Clock,
  Fault,
  type Random,
  type Result,
  type Seconds,
  sayProblem,
  seconds,
  type TargetName,
} from "./core/index.ts";
import { type Log, listen, type Metric, metricsPage } from "./http/index.ts";
import type { BrokerHoldings } from "./parts.ts";
import type { PolicyInUse } from "./policy/index.ts";
import { defineKind, type Store } from "./store/index.ts";
import {
  applyTarget,
  type Finding,
  kubernetesConnectionFromKubeconfig,
  type LeaseNote,
  type LeaseStore,
  planTarget,
  type TargetConnection,
  type TargetState,
  type Watch,
  watchTargets,
} from "./targets/index.ts";

/** `state` is the run that holds it, so that only who holds it can extend it. */
interface TargetLease {
  readonly state: string;
  readonly holder: string;
  readonly since: number;
  readonly until: number;
}

const leaseKind = defineKind<TargetLease>()("target-lease", ["state", "holder", "since", "until"]);
const free = "free";

/** The lease on one target, for all instances that share the store. */
export function leaseInStore(store: Store, target: TargetName): LeaseStore {
  const take = async (note: LeaseNote, ttl: Seconds): Promise<LeaseNote | undefined> => {
    const { run, ...rest } = note;
    if ((await store.put(leaseKind, target, { state: run, ...rest }, { ttl })) === "created") return note;
    const became = await store.advance(leaseKind, target, [run, free], { state: run, ...rest }, { ttl });
    if (became.outcome === "won") return note;
    if (became.outcome === "absent") return undefined;
    const { state, ...standing } = became.current;
    return { run: state, ...standing } as LeaseNote;
  };
  return {
    hold: async (note, now) => {
      const ttl = seconds(note.until - now);
      // It may run out between the two looks.
      const standing = (await take(note, ttl)) ?? (await take(note, ttl));
      if (standing === undefined) throw new Fault("store", "take the lease on a target", { retryable: true });
      return standing;
    },
    release: async (run) => {
      await store.advance(leaseKind, target, [run], { state: free });
    },
  };
}

/** What runs beside the broker's front. */
export interface Beside {
  /** The policy has changed. */
  changed(): void;
  stop(graceMillis: number): Promise<void>;
}

/** What the watch is given. */
export interface WatchParts {
  readonly holdings: Pick<BrokerHoldings, "store" | "audit">;
  readonly policy: PolicyInUse;
  readonly environment: Environment | undefined;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

/** Keeps the targets in step and tells the metrics, as far as the configuration asks for either. */
export async function startBeside(config: BrokerConfig, parts: WatchParts): Promise<Beside> {
  const watch = startWatch(config, parts);
  const metrics = () => targetMetrics(watch?.states() ?? []);
  const page = config.metrics && (await listen(metricsPage(metrics), config.metrics, parts.clock));
  return {
    changed: () => watch?.changed(),
    stop: async (graceMillis) => {
      await Promise.all([watch?.stop(graceMillis), page?.close(graceMillis)]);
    },
  };
}

function startWatch({ reconcile }: BrokerConfig, parts: WatchParts): Watch | undefined {
  const { environment, policy, holdings, clock, random } = parts;
  if (reconcile === undefined || environment === undefined) return undefined;
  const reach = connections(environment);
  const known = [...Object.keys(environment.clouds), ...Object.keys(environment.clusters)];
  const holder = `the broker on ${hostname()}`;
  return watchTargets({
    ...reconcile,
    targets: [...policy.current().targets.keys()].filter((target) => known.includes(target)),
    policy: policy.current,
    plan: async (target) => planTarget(policy.current(), target, reach(target), { clock, random }),
    apply: (planned, lease) =>
      applyTarget({ ...planned, driver: { ...planned.driver, lease } }, { lease: { holder, clock, random } }),
    leaseOn: (target) => leaseInStore(holdings.store, target),
    holder,
    tell: teller(parts),
    clock,
    random,
  });
}

/** The ways to the targets. A kubeconfig is read at each look: its certificate is renewed under us. */
function connections({ clouds, clusters, caFile }: Environment): (target: TargetName) => TargetConnection {
  const caPem = caFile === undefined ? undefined : [...getCACertificates("default"), textOf(caFile)].join("\n");
  return (target) => {
    const cloud = clouds[target];
    if (cloud !== undefined) return { ...cloud, ...(caPem !== undefined && { caPem }) };
    const { kubeconfigFile: file = "", context } = clusters[target] ?? {};
    const options = { file, ...(context !== undefined && { context }) };
    return usable(target, kubernetesConnectionFromKubeconfig(textOf(file), options));
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // whose problem is then told with the file's name
  }
}

function usable<T>(target: TargetName, result: Result<T, Parameters<typeof sayProblem>[0][]>): T {
  if (result.ok) return result.value;
  throw new Fault(`kubernetes ${target}`, "read the kubeconfig", { says: result.refusal.map(sayProblem).join("; ") });
}

/** To the audit what was found and done, to the log what failed. */
function teller({ holdings: { audit }, log }: WatchParts): (target: TargetName, finding: Finding) => void {
  return (target, finding) => {
    switch (finding.kind) {
      case "in-step":
        return log.info({ target }, "the target is as the policy says");
      case "drifted":
        return audit.record("target.drifted", { target, steps: finding.steps, because: finding.because });
      case "applied":
        return audit.record("target.reconciled", { target, steps: finding.steps, outcome: finding.outcome });
      case "failed":
        return log.error({ target, err: finding.problem }, "the target could not be kept in step; it is tried again");
    }
  };
}

function targetMetrics(states: readonly TargetState[]): Metric[] {
  const metric = (name: string, help: string, read: (state: TargetState) => number | undefined): Metric => ({
    name: `cloudpass_target_${name}`,
    help,
    values: states.flatMap((state) => {
      const value = read(state);
      return value === undefined ? [] : [{ labels: { target: state.target }, value }];
    }),
  });
  return [
    metric("watched", "1 where this instance looks after the target", ({ watched }) => Number(watched)),
    metric("reachable", "1 when the last look at the target came to an end", ({ reachable }) =>
      reachable === undefined ? undefined : Number(reachable),
    ),
    metric("drift_steps", "steps between the target and the policy, at the last look", ({ drift }) => drift),
    metric("read_timestamp_seconds", "when the target was last read to the end", ({ readAt }) => readAt),
  ];
}
