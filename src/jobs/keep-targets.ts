import type { Audit } from "../audit/index.ts";
import type { Environment } from "../config/index.ts";
import { type Clock, Fault, type Random, type TargetName } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import { keepTargetState, type LookEnded, type PolicyFiles } from "../operations/index.ts";
import type { Policy, PolicyInUse } from "../policy/index.ts";
import type { Store } from "../store/index.ts";
import { applyTarget, planTarget, wantedOn } from "../targets/index.ts";
import type { Scheduler } from "./scheduler.ts";
import { connectionsOf } from "./target-connections.ts";
import { type TargetNews, type TargetWatchOptions, watchTargets } from "./targets.ts";
import type { FailedLook, Watch } from "./watch.ts";

/** What keeping targets in step takes. */
interface TargetParts {
  readonly policy: PolicyInUse;
  readonly policyFiles: Pick<PolicyFiles, "commit">;
  readonly store: Store;
  readonly environment: Environment;
  readonly holder: string;
  readonly audit: Audit;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
}

/** Keeps the targets that the environment names in step with the policy, or reports what is not. */
export function keepTargets(
  scheduler: Pick<Scheduler, "start">,
  reconcile: Pick<TargetWatchOptions, "every" | "mode" | "maxDeletes">,
  parts: TargetParts,
): Watch {
  const { environment, policy, holder, log, clock, random } = parts;
  const connectionTo = connectionsOf(environment);
  const targets = [...keptTargets({ environment, policy: policy.current(), config: { reconcile } })];
  return watchTargets(scheduler, {
    ...reconcile,
    targets,
    policy: policy.current,
    plan: async (target) => {
      const planned = await planTarget(policy.current(), target, connectionTo(target), { clock, random });
      for (const message of [...planned.leftOut, ...planned.waiting, ...planned.refused]) log.warn({ target }, message);
      return planned;
    },
    apply: (planned, lease) =>
      applyTarget({ ...planned, driver: { ...planned.driver, lease } }, { lease: { holder, clock, random } }),
    notify: notifier(parts),
    wanted: (target) => wantedOn(policy.current(), target, clock.now()).whole,
    looking: (target) => keeper(parts, target),
    clock,
  });
}

/** The targets that a broker keeps in step by itself, or looks at: of those of the policy, whichever the environment names. */
export function keptTargets({
  environment,
  policy,
  config,
}: {
  readonly environment?: Pick<Environment, "clouds" | "clusters">;
  readonly policy: Policy;
  readonly config: { readonly reconcile?: object | undefined };
}): ReadonlySet<TargetName> {
  if (environment === undefined || config.reconcile === undefined) return new Set();
  const known = [...Object.keys(environment.clouds), ...Object.keys(environment.clusters)];
  return new Set([...policy.targets.keys()].filter((target) => known.includes(target)));
}

/** Keeps how a look ended that begins now, with what is wanted now. */
function keeper({ policy, policyFiles, store, clock }: TargetParts, target: TargetName) {
  const meant = { wanted: wantedOn(policy.current(), target, clock.now()), commit: policyFiles.commit() };
  return async (ended: LookEnded): Promise<void> => {
    await keepTargetState(store, target, { ...meant, at: clock.now(), ended }).catch((problem: unknown) => {
      // The target is as it was left all the same; a store that is away is told by readiness.
      if (!(problem instanceof Fault)) throw problem;
    });
  };
}

/** To the audit what was found and done, to the log what failed. */
function notifier({ audit, log }: TargetParts): (target: TargetName, news: TargetNews | FailedLook) => void {
  return (target, news) => {
    switch (news.kind) {
      case "in-step":
        return log.info({ target }, "the target is as the policy says");
      case "drifted":
        return audit.record("target.drifted", { target, steps: news.steps, detail: news.detail });
      case "applied":
        return audit.record("target.reconciled", { target, steps: news.steps, outcome: news.outcome });
      case "failed":
        return log.error({ target, err: news.problem }, "the target could not be kept in step; it is tried again");
    }
  };
}
