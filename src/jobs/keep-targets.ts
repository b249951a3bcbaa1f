import type { Audit } from "../audit/index.ts";
import type { Environment } from "../config/index.ts";
import type { Clock, Random, TargetName } from "../core/index.ts";
import type { Log } from "../http/index.ts";
import type { PolicyInUse } from "../policy/index.ts";
import { applyTarget, planTarget } from "../targets/index.ts";
import type { Scheduler } from "./scheduler.ts";
import { connectionsOf } from "./target-connections.ts";
import { type TargetNews, type TargetWatchOptions, watchTargets } from "./targets.ts";
import type { FailedLook, Watch } from "./watch.ts";

/** What keeping targets in step takes. */
interface TargetParts {
  readonly policy: PolicyInUse;
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
  const known = [...Object.keys(environment.clouds), ...Object.keys(environment.clusters)];
  return watchTargets(scheduler, {
    ...reconcile,
    targets: [...policy.current().targets.keys()].filter((target) => known.includes(target)),
    policy: policy.current,
    plan: async (target) => {
      const planned = await planTarget(policy.current(), target, connectionTo(target), { clock, random });
      for (const message of [...planned.leftOut, ...planned.waiting, ...planned.refused]) log.warn({ target }, message);
      return planned;
    },
    apply: (planned, lease) =>
      applyTarget({ ...planned, driver: { ...planned.driver, lease } }, { lease: { holder, clock, random } }),
    notify: notifier(parts),
    clock,
  });
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
