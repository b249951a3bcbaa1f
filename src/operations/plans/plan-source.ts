import type { Applied, LeaseOptions, Plan, Step } from "../../reconcile/index.ts";
import type { Listener } from "../progress.ts";

/** One thing that can be planned: a realm, a cloud, a cluster. */
export interface PlanSource {
  /** "realm scs", "cloud gx1" */
  readonly name: string;
  /** Throws `Fault` when it cannot be read. Writes nothing. */
  plan(): Promise<Planned>;
}

/** Its plan, and the way to carry it out. */
export interface Planned {
  readonly plan: Plan;
  /** Wanted, and has to wait for something else, in words. */
  readonly waiting?: readonly string[];
  apply(options: HowToApply): Promise<Applied>;
}

/** How a plan is carried out. */
interface HowToApply {
  /** Told before each step and after it. */
  readonly onStep: (step: Step, state: "doing" | "done", index: number, total: number) => void;
  /** The plan to carry out; the one just made, unless an earlier one was given. */
  readonly plan: Plan;
  readonly maxDeletes: number;
  readonly lease: LeaseOptions;
  /** Aborted when an end is wanted: what is under way is finished. */
  readonly signal: AbortSignal;
}

/** A plan that was made, with what it is for. */
export interface MadePlan extends Planned {
  readonly name: string;
}

/** Makes the plans one after the other; a server that does not answer ends it with its `Fault`, before anything is changed. */
export async function makePlans(things: readonly PlanSource[], listener: Listener): Promise<MadePlan[]> {
  const made: MadePlan[] = [];
  for (const { name, plan } of things) {
    listener({ kind: "reading", what: name });
    made.push({ name, ...(await plan()) });
  }
  return made;
}

/** Whether something wanted has to wait for something else: then no plan has all that is wanted. */
export const hasWaiting = ({ waiting = [] }: Pick<Planned, "waiting">): boolean => waiting.length > 0;

/** Whether there is anything to carry out; notes that an interrupted run left count. */
export const hasWork = ({ plan }: Pick<Planned, "plan">): boolean => plan.steps.length > 0 || plan.repairs > 0;
