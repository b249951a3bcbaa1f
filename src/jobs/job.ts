import type { Instant } from "../core/index.ts";
import type { LeaseStore } from "../reconcile/index.ts";

/** What runs by itself, again and again. */
export interface Job {
  /** As the log knows it. */
  readonly name: string;
  /** Milliseconds from the end of a run to the beginning of the next. */
  readonly every: number;
  /** The name under which all instances agree which of them runs it; `false`: every instance does. */
  readonly leased: string | false;
  /** The first run begins at once, or after the first pause. */
  readonly first: "at once" | "after a pause";
  /** Up to a tenth is added to each pause: many jobs, or many instances, do not all ask one server at one moment. */
  readonly spread?: true;
  /** A moment at which a run is due even if its turn comes later, in seconds; infinite: none. */
  readonly due?: (now: Instant) => number;
  /** One run. What it throws is told to `failed`, and it is tried again sooner than `every`. */
  run(turn: Turn): Promise<void>;
  /** Is told what a run threw; default: it stands in the log. */
  failed?(problem: unknown): void;
}

/** What one run is given. */
export interface Turn {
  /**
   * The job's own lease, for an engine that asks between its steps whether it may go on: ours for as long as the
   * scheduler goes on and has it.
   */
  readonly lease: LeaseStore;
  /** Aborted when the scheduler stops. */
  readonly stopping: AbortSignal;
}

/** A job that was started. */
export interface StartedJob {
  /** This instance is the one that runs it. */
  isOurs(): boolean;
  /** What the job looks at has changed: it runs at once, or again after the run that is under way. */
  wake(): void;
}
