import type { Applied, LeaseOptions, Plan, Step } from "../../targets/index.ts";

/** One thing that can be planned: a realm, a cloud, a cluster. */
export interface Plannable {
  /** "realm scs", "cloud gx1" */
  readonly name: string;
  plan(): Promise<Planned>;
}

/** Its plan, and the way to carry it out. */
export interface Planned {
  readonly plan: Plan;
  apply(options: HowToApply): Promise<Applied>;
}

/** What a run says about how to apply. */
export interface HowToApply {
  readonly onStep: OnStep;
  /** The plan to carry out; the one just made, unless an earlier one was given. */
  readonly plan: Plan;
  readonly maxDeletes: number;
  readonly lease: LeaseOptions;
  /** Aborted when the person wants an end: what is under way is finished. */
  readonly signal: AbortSignal;
}

/** Told before each step and after it. */
export type OnStep = (step: Step, state: "doing" | "done", index: number, total: number) => void;

/** A plan that was made, with what it is for. */
export interface Made extends Planned {
  readonly name: string;
}
