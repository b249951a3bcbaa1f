import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { getCACertificates } from "node:tls";
import type { BrokerConfig, Environment } from "./config/index.ts";
import { type Clock, Fault, type Random, type Seconds, seconds, type TargetName } from "./core/index.ts";
import { type Log, listen, type Metric, metricsPage } from "./http/index.ts";
import type { TellCloud } from "./issuer/index.ts";
import type { BrokerHoldings } from "./parts.ts";
import type { PolicyInUse } from "./policy/index.ts";
import type { FailedLook, Lease, LeaseStore, Watch } from "./reconcile/index.ts";
import { defineKind, type Store } from "./store/index.ts";
import {
  applyTarget,
  kubernetesConnectionFromKubeconfig,
  planTarget,
  pushLogin,
  type TargetConnection,
  type TargetNews,
  watchTargets,
} from "./targets/index.ts";
import { realmMetrics, targetMetrics } from "./watching-metrics.ts";
import { type RealmWatchParts, startRealmWatch, usable } from "./watching-realms.ts";

/** `state` is the run that holds it, so that only who holds it can extend it. */
interface WatchLease {
  readonly state: string;
  readonly holder: string;
  readonly since: number;
  readonly until: number;
}

const leaseKind = defineKind<WatchLease>()("watch-lease", ["state", "holder", "since", "until"]);
const free = "free";

/** The lease on one target or realm, for all instances that share the store. */
export function leaseInStore(store: Store, name: string): LeaseStore {
  const take = async (note: Lease, ttl: Seconds): Promise<Lease | undefined> => {
    const { run, ...rest } = note;
    if ((await store.put(leaseKind, name, { state: run, ...rest }, { ttl })) === "created") return note;
    const became = await store.advance(leaseKind, name, [run, free], { state: run, ...rest }, { ttl });
    if (became.outcome === "won") return note;
    if (became.outcome === "absent") return undefined;
    const { state, ...standing } = became.current;
    return { run: state, ...standing } as Lease;
  };
  return {
    hold: async (note, now) => {
      const ttl = seconds(note.until - now);
      // It may run out between the two looks.
      const standing = (await take(note, ttl)) ?? (await take(note, ttl));
      if (standing === undefined) throw new Fault("store", "take the lease on what is watched", { retryable: true });
      return standing;
    },
    release: async (run) => {
      await store.advance(leaseKind, name, [run], { state: free });
    },
  };
}

/** What runs beside the broker's front. */
export interface Beside {
  /** The policy has changed. */
  changed(): void;
  stop(graceMillis: number): Promise<void>;
}

/** What the watches are given. */
export interface WatchParts extends Pick<RealmWatchParts, "realms"> {
  readonly holdings: Pick<BrokerHoldings, "store" | "audit">;
  readonly policy: PolicyInUse;
  readonly environment: Environment | undefined;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

/** How the instances agree who looks after what. */
type Agreed = Pick<RealmWatchParts, "holder" | "leaseOn">;

/** Keeps the targets in step, looks at the realms and tells the metrics, as far as the configuration asks for either. */
export async function startBeside(config: BrokerConfig, parts: WatchParts): Promise<Beside> {
  let metrics = (): Metric[] => [];
  // First: it is what may fail.
  const page =
    config.metrics &&
    (await listen(
      metricsPage(() => metrics()),
      config.metrics,
      parts.clock,
    ));
  const leaseOn = (name: string) => leaseInStore(parts.holdings.store, name);
  const agreed = { holder: `the broker on ${hostname()}`, leaseOn };
  const realms = startRealmWatch(config, { ...parts, ...agreed });
  const targets = startWatch(config, { ...parts, ...agreed });
  metrics = () => [
    ...(targets ? targetMetrics(targets.states()) : []),
    ...(realms ? realmMetrics(realms.states()) : []),
  ];
  return {
    changed: () => targets?.changed(),
    stop: async (graceMillis) => {
      await Promise.all([targets?.stop(graceMillis), realms?.stop(graceMillis), page?.close(graceMillis)]);
    },
  };
}

function startWatch({ reconcile }: BrokerConfig, parts: WatchParts & Agreed): Watch | undefined {
  const { environment, policy, holder, leaseOn, clock, random } = parts;
  if (reconcile === undefined || environment === undefined) return undefined;
  const reach = connections(environment);
  const known = [...Object.keys(environment.clouds), ...Object.keys(environment.clusters)];
  return watchTargets({
    ...reconcile,
    targets: [...policy.current().targets.keys()].filter((target) => known.includes(target)),
    policy: policy.current,
    plan: async (target) => {
      const planned = await planTarget(policy.current(), target, reach(target), { clock, random });
      for (const says of [...planned.leftOut, ...planned.refused]) parts.log.warn({ target }, says);
      return planned;
    },
    apply: (planned, lease) =>
      applyTarget({ ...planned, driver: { ...planned.driver, lease } }, { lease: { holder, clock, random } }),
    leaseOn,
    holder,
    tell: teller(parts),
    clock,
    random,
  });
}

/** Tells a cloud of a person by a login there, at the address that the policy of now names. */
export function cloudTeller(
  policy: Pick<PolicyInUse, "current">,
  environment: Environment | undefined,
  deps: Pick<WatchParts, "clock" | "random">,
): TellCloud {
  const trust = trustOf(environment);
  return async ({ target, tenant, accessToken }) => {
    const cloud = policy.current().targets.get(target);
    if (cloud?.kind !== "openstack") return false;
    return pushLogin(target, { authUrl: cloud.authUrl, ...trust }, tenant, accessToken, deps);
  };
}

function trustOf(environment: Environment | undefined): { readonly caPem?: string } {
  if (environment?.caFile === undefined) return {};
  return { caPem: [...getCACertificates("default"), textOf(environment.caFile)].join("\n") };
}

/** The ways to the targets. A kubeconfig is read at each look: its certificate is renewed under us. */
function connections(environment: Environment): (target: TargetName) => TargetConnection {
  const { clouds, clusters } = environment;
  const trust = trustOf(environment);
  return (target) => {
    const cloud = clouds[target];
    if (cloud !== undefined) return { ...cloud, ...trust };
    const { kubeconfigFile: file = "", context } = clusters[target] ?? {};
    const options = { file, ...(context !== undefined && { context }) };
    const connection = kubernetesConnectionFromKubeconfig(textOf(file), options);
    return usable(connection, `kubernetes ${target}`, "read the kubeconfig");
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // whose problem is then told with the file's name
  }
}

/** To the audit what was found and done, to the log what failed. */
function teller({ holdings: { audit }, log }: WatchParts): (target: TargetName, news: TargetNews | FailedLook) => void {
  return (target, news) => {
    switch (news.kind) {
      case "in-step":
        return log.info({ target }, "the target is as the policy says");
      case "drifted":
        return audit.record("target.drifted", { target, steps: news.steps, because: news.because });
      case "applied":
        return audit.record("target.reconciled", { target, steps: news.steps, outcome: news.outcome });
      case "failed":
        return log.error({ target, err: news.problem }, "the target could not be kept in step; it is tried again");
    }
  };
}
