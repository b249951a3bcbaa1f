import { Fault } from "../../src/core/index.ts";
import { type Applied, formatApplied } from "../../src/realms/index.ts";

/** How an apply ended; a fault: it was not begun. */
export type Ended = Applied | Fault;

/** Waits for an apply, whatever trouble it meets. */
export async function endOf(applying: Promise<Applied>): Promise<Ended> {
  try {
    return await applying;
  } catch (problem) {
    if (problem instanceof Fault) return problem;
    throw problem;
  }
}

/** Its outcome, and what it says. */
export const outcomeOf = (how: Ended): string => (how instanceof Fault ? "not begun" : how.outcome);
export const say = (how: Ended): string => (how instanceof Fault ? how.message : formatApplied(how));
