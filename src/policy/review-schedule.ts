import type { Seconds, Source } from "../core/index.ts";

/** How often all grants of a tenant are reviewed, by itself. */
export interface ReviewSchedule {
  /** From the beginning of one to the beginning of the next. */
  readonly every: Seconds;
  readonly within: Seconds;
  /** What becomes of what nobody decided a week after it was due. */
  readonly unconfirmed: "keep" | "take-back";
  readonly source: Source;
}
