import type { Clock, Fault } from "../core/index.ts";
import type { Lease, LeaseOptions } from "./lease.ts";
import type { PlanOptions } from "./ownership.ts";
import type { Conflict, Plan, Step } from "./steps.ts";

/** What has moved since a plan was made. */
export interface Moved {
  /** Names of the resources, or a sentence that says that the files did. */
  readonly moved: readonly string[];
  /** What became of a resource since, by its name, as far as the plan can tell. */
  readonly how?: Readonly<Record<string, string>>;
}

/** How an apply ended. `done` always tells what was really done. */
export type Applied =
  /** All steps done, read back, and the world is as wanted. */
  | { readonly outcome: "applied"; readonly done: readonly Step[] }
  /** All steps done, but reading back shows differences: someone else writes too, or the product did not take a value. */
  | { readonly outcome: "unsettled"; readonly done: readonly Step[]; readonly remaining: Plan }
  /** All steps done, but the world could not be read back. */
  | { readonly outcome: "unverified"; readonly done: readonly Step[]; readonly fault: Fault }
  /**
   * Something failed. Running again carries on from what is then there. `failed`: steps that may have taken effect, more
   * than one when they were done side by side, none when the ownership records or the lease could not be written.
   */
  | {
      readonly outcome: "stopped";
      readonly done: readonly Step[];
      readonly failed: readonly Step[];
      /** The first of them. */
      readonly fault: Fault;
      readonly left: readonly Step[];
    }
  /** Somebody asked for an end: what was under way was finished, `left` was not begun. Running again carries on. */
  | { readonly outcome: "interrupted"; readonly done: readonly Step[]; readonly left: readonly Step[] }
  /** Nothing was done: the ground of the plan has moved. */
  | ({ readonly outcome: "stale"; readonly done: readonly [] } & Moved)
  /** Nothing was done: these stand in the way. */
  | { readonly outcome: "conflict"; readonly done: readonly []; readonly conflicts: readonly Conflict[] }
  /** Nothing was done: somebody else is applying. */
  | { readonly outcome: "held"; readonly done: readonly []; readonly by: Lease }
  /** Nothing was done: it would delete more than it may. */
  | {
      readonly outcome: "too-many-deletes";
      readonly done: readonly [];
      readonly deletes: number;
      readonly max: number;
    };

/** How to apply. */
export interface ApplyOptions {
  /** What the plan was made by. */
  readonly planning?: PlanOptions;
  /** Told before each step (`doing`) and after it (`done`). `index` is the step's place in the plan. */
  readonly onStep?: (step: Step, state: "doing" | "done", index: number, total: number) => void;
  /** For products that show a change late: reads back up to `tries` times, `pauseMs` apart. Default: once. */
  readonly settle?: { readonly clock: Clock; readonly tries: number; readonly pauseMs: number };
  /** How many steps that do not depend on each other are done side by side; default 4. */
  readonly inFlight?: number;
  /** Refuses a plan with more deletions than this; what is replaced does not count. Default: no limit. */
  readonly maxDeletes?: number;
  /** Holds the driver's lease meanwhile, if it has one. Without it two appliers may be at work at once. */
  readonly lease?: LeaseOptions;
  /** Told how it ended while the lease is still held. A `Fault` in it changes nothing. */
  readonly onEnd?: (applied: Applied) => Promise<void>;
  /** Aborted: the steps under way are finished, none is begun, and the lease is given back. */
  readonly signal?: AbortSignal | undefined;
}

/** How many objects a plan deletes for good. */
export const deletesOf = (plan: Plan): number =>
  plan.steps.filter((s) => s.action === "delete" && s.replaced === undefined).length;
