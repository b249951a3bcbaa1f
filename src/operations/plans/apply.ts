import { type Clock, Fault, type Random } from "../../core/index.ts";
import { type Applied, deletesOf } from "../../reconcile/index.ts";
import { type Actor, holderOf } from "../actor.ts";
import type { Listener } from "../progress.ts";
import { hasWork, type MadePlan } from "./plan-source.ts";

/** What stands in the way of applying plans together: then none of them is begun. */
type Obstacle = "conflict" | "too many deletions";

/** The first obstacle of all plans together; a file that was cut short would delete nearly everything. */
export function obstacleTo(made: readonly Pick<MadePlan, "plan">[], maxDeletes?: number): Obstacle | undefined {
  if (made.some(({ plan }) => plan.conflicts.length > 0)) return "conflict";
  return made.some(({ plan }) => deletesOf(plan) > (maxDeletes ?? Number.POSITIVE_INFINITY))
    ? "too many deletions"
    : undefined;
}

/** A plan that was carried out, as far as it went. */
interface EndedPlan {
  readonly name: string;
  readonly applied: Applied;
}

/** How carrying out plans ended. */
export interface PlansApplied {
  readonly ended: readonly EndedPlan[];
  /** Those after the one that did not end as planned. */
  readonly notBegun: readonly string[];
  /** The last one could not even be begun. */
  readonly unanswered?: { readonly name: string; readonly fault: Fault };
}

interface Deps {
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: Listener;
  /** Aborted when an end is wanted: what is under way is finished, nothing more is begun. */
  readonly signal: AbortSignal;
}

/** Carries out plans one after the other, and stops at the first that does not end as planned. */
export async function applyPlans(
  { made, maxDeletes = Number.POSITIVE_INFINITY }: { readonly made: readonly MadePlan[]; readonly maxDeletes?: number },
  { clock, random, listener, signal }: Deps,
  actor: Actor,
): Promise<PlansApplied> {
  const work = made.filter(hasWork);
  const ended: EndedPlan[] = [];
  const notBegun = () => work.slice(ended.length).map(({ name }) => name);
  for (const { name, plan, apply } of work) {
    if (signal.aborted) break;
    const lease = { holder: holderOf(actor), clock, random };
    const onStep = stepsOf(name, listener);
    const applied = await apply({ plan, maxDeletes, signal, lease, onStep }).catch(orFault);
    if (applied instanceof Fault) return { ended, notBegun: notBegun(), unanswered: { name, fault: applied } };
    listener({ kind: "applied", of: name, applied });
    ended.push({ name, applied });
    if (applied.outcome !== "applied") break;
  }
  return { ended, notBegun: notBegun() };
}

const orFault = (problem: unknown): Fault => {
  if (problem instanceof Fault) return problem;
  throw problem;
};

const stepsOf =
  (of: string, listener: Listener): Parameters<MadePlan["apply"]>[0]["onStep"] =>
  (step, state, index, total) => {
    if (state === "done") listener({ kind: "step", of, step, index, total });
  };
