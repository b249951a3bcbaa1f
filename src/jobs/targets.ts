import { type Clock, Fault, type Seconds, type TargetName } from "../core/index.ts";
import type { LookEnded, WaitsFor } from "../operations/index.ts";
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
  /** What the policy wants there now, as a text: a target of which it wants the same as before is not looked at again. */
  readonly wanted: (target: TargetName) => string;
  /** Begins a look with what is wanted at this moment; what it answers keeps how the look ended. */
  readonly looking: (target: TargetName) => (ended: LookEnded) => Promise<void>;
  readonly clock: Clock;
}

/** Keeps each target in step on its own. Drift is steps to do and things in the way. */
export function watchTargets(scheduler: Pick<Scheduler, "start">, options: TargetWatchOptions): Watch {
  const { targets, every, notify, policy, wanted, looking, clock } = options;
  const lookedWith = new Map<string, string>();
  const watch = watchEach<TargetNews>(scheduler, {
    ...{ what: "target", names: targets, every, clock },
    look: async (name, look) => {
      const target = name as TargetName;
      lookedWith.set(name, wanted(target));
      const keep = looking(target);
      try {
        const { left, ended } = await bringInStep(target, options, look);
        await keep(ended);
        return left;
      } catch (problem) {
        await keep({ state: "failed", reason: isAway(problem) ? "away" : "refused" });
        throw problem;
      }
    },
    // A grant begins or ends at its window, whenever the next turn is.
    due: (now) => nextWindow(policy(), now),
    notify: (name, news) => notify(name as TargetName, news),
  });
  return { ...watch, changed: () => watch.changed((name) => lookedWith.get(name) !== wanted(name as TargetName)) };
}

const isAway = (problem: unknown): boolean => problem instanceof Fault && problem.retryable && !problem.refused;

/** How many steps are left after a look, and how it ended. */
interface Ended {
  readonly left: number;
  readonly ended: LookEnded;
}

/** Plans, and applies if it may. */
async function bringInStep(
  target: TargetName,
  { mode, maxDeletes, plan, apply }: TargetWatchOptions,
  { lease, stopping, notify }: Look<TargetNews>,
): Promise<Ended> {
  const planned = await plan(target);
  const { steps, conflicts } = planned.plan;
  const said = steps.map(formatStep);
  const waiting = planned.waiting.length;
  if (steps.length + conflicts.length === 0 && waiting > 0) {
    const detail = planned.waiting.join("; ");
    notify({ kind: "drifted", steps: said, detail }, detail);
    return { left: waiting, ended: { state: "lacks" } };
  }
  if (steps.length + conflicts.length === 0) {
    notify({ kind: "in-step" }, "in-step");
    return { left: 0, ended: { state: "in-step" } };
  }
  const reason = waitsFor(planned.plan, mode, maxDeletes);
  if (reason !== undefined) {
    const detail = details[reason](planned.plan, maxDeletes);
    notify({ kind: "drifted", steps: said, detail }, JSON.stringify([said, detail]));
    return { left: steps.length + conflicts.length + waiting, ended: { state: "person", reason } };
  }
  const applied = await apply(planned, lease);
  notify({ kind: "applied", outcome: applied.outcome, steps: applied.done.map(formatStep) });
  if (applied.outcome === "stopped" && !stopping.aborted) throw applied.fault;
  const undone = applied.outcome === "applied" ? 0 : steps.length - applied.done.length;
  return { left: waiting + undone, ended: endedBy(applied, waiting) };
}

function endedBy({ outcome }: Applied, waiting: number): LookEnded {
  if (outcome !== "applied") return { state: "failed", reason: "unsettled" };
  return { state: waiting === 0 ? "in-step" : "lacks" };
}

/** Why a plan is not carried out without a person; nothing when it may be. */
function waitsFor(plan: Plan, mode: TargetWatchOptions["mode"], maxDeletes: number): WaitsFor | undefined {
  if (plan.conflicts.length > 0) return "conflict";
  if (mode === "report") return "report";
  if (plan.steps.some((step) => step.confirm)) return "confirm";
  return deletesOf(plan) > maxDeletes ? "deletes" : undefined;
}

const details: Readonly<Record<WaitsFor, (plan: Plan, maxDeletes: number) => string>> = {
  conflict: () => "something that is not ours is in the way",
  report: () => "it is only reported",
  confirm: () => "a step cannot be undone: a person must confirm it",
  deletes: (plan, most) => `it would delete ${deletesOf(plan)} objects, more than ${most}`,
};
