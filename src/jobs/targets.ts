import type { Clock, Seconds, TargetName } from "../core/index.ts";
import type { Policy } from "../policy/index.ts";
import { type Applied, deletesOf, formatStep, type LeaseStore, type Plan } from "../reconcile/index.ts";
import type { TargetPlan } from "../targets/index.ts";
import { nextWindow } from "./next-window.ts";
import type { Scheduler } from "./scheduler.ts";
import { type FailedLook, type Look, type Watch, watchEach } from "./watch.ts";

/** What is worth telling of a target. Said once, and again only when it has changed. */
export type TargetNews =
  | { readonly kind: "in-step" }
  | { readonly kind: "drifted"; readonly steps: readonly string[]; readonly detail: string }
  | { readonly kind: "applied"; readonly outcome: Applied["outcome"]; readonly steps: readonly string[] };

/** How targets are kept in step with the policy. */
export interface TargetWatchOptions {
  readonly targets: readonly TargetName[];
  /** Each is read so often at least. */
  readonly every: Seconds;
  /** `report` changes nothing. */
  readonly mode: "report" | "apply";
  /** A plan with more deletions waits for a person: a policy file that was cut short looks like that. */
  readonly maxDeletes: number;
  readonly policy: () => Policy;
  readonly plan: (target: TargetName) => Promise<TargetPlan>;
  readonly apply: (planned: TargetPlan, lease: LeaseStore) => Promise<Applied>;
  readonly notify: (target: TargetName, news: TargetNews | FailedLook) => void;
  readonly clock: Clock;
}

/** Keeps each target in step on its own. Drift is steps to do and things in the way. */
export function watchTargets(scheduler: Pick<Scheduler, "start">, options: TargetWatchOptions): Watch {
  const { targets, every, notify, policy, clock } = options;
  return watchEach<TargetNews>(scheduler, {
    ...{ what: "target", names: targets, every, clock },
    look: (name, look) => bringInStep(name as TargetName, options, look),
    // A grant begins or ends at its window, whenever the next turn is.
    due: (now) => nextWindow(policy(), now),
    notify: (name, news) => notify(name as TargetName, news),
  });
}

/** Plans, and applies if it may. Answers how many steps are left. */
async function bringInStep(
  target: TargetName,
  { mode, maxDeletes, plan, apply }: TargetWatchOptions,
  { lease, stopping, notify }: Look<TargetNews>,
): Promise<number> {
  const planned = await plan(target);
  const { steps, conflicts } = planned.plan;
  const said = steps.map(formatStep);
  const waiting = planned.waiting.length;
  if (steps.length + conflicts.length === 0 && waiting > 0) {
    const detail = planned.waiting.join("; ");
    notify({ kind: "drifted", steps: said, detail }, detail);
    return waiting;
  }
  if (steps.length + conflicts.length === 0) {
    notify({ kind: "in-step" }, "in-step");
    return 0;
  }
  const detail = waitsBecause(planned.plan, mode, maxDeletes);
  if (detail !== undefined) {
    notify({ kind: "drifted", steps: said, detail }, JSON.stringify([said, detail]));
    return steps.length + conflicts.length + waiting;
  }
  const applied = await apply(planned, lease);
  notify({ kind: "applied", outcome: applied.outcome, steps: applied.done.map(formatStep) });
  if (applied.outcome === "stopped" && !stopping.aborted) throw applied.fault;
  return waiting + (applied.outcome === "applied" ? 0 : steps.length - applied.done.length);
}

/** Why a plan is not carried out without a person; nothing when it may be. */
function waitsBecause(plan: Plan, mode: TargetWatchOptions["mode"], maxDeletes: number): string | undefined {
  if (plan.conflicts.length > 0) return "something that is not ours is in the way";
  if (mode === "report") return "it is only reported";
  if (plan.steps.some((step) => step.confirm)) return "a step cannot be undone: a person must confirm it";
  if (deletesOf(plan) > maxDeletes) return `it would delete ${deletesOf(plan)} objects, more than ${maxDeletes}`;
  return undefined;
}
