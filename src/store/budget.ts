import { Bug, seconds } from "../core/index.ts";
import type { Budget, Cost, Spending } from "./port.ts";
import { checkIds, checkKindName } from "./record.ts";

/** Units spent up to a moment (milliseconds); they come back one window after it. */
export interface Spent {
  at: number;
  units: number;
}

/**
 * A window is remembered in at most this many pieces. Spendings within one piece count as made at its latest one: the
 * budget may come back up to a sixtieth of the window late, never early, and a key's memory is bounded.
 */
const pieces = 60;

/** Width of a piece in milliseconds. */
export const pieceOf = (budget: Budget): number => Math.max(1, Math.ceil((budget.window * 1000) / pieces));

/** Asserts a budget and the units asked for. */
export function checkBudget(budget: Budget, units: number): void {
  checkKindName(budget.name);
  if (!Number.isSafeInteger(units)) throw new Bug(`store: ${units} units cannot be spent`);
  if (!Number.isSafeInteger(budget.limit) || budget.limit < 0 || !(budget.window > 0)) {
    throw new Bug(`store: the budget "${budget.name}" has no limit or window`);
  }
}

/** Asserts what something costs. */
export function checkCosts(costs: readonly Cost[]): void {
  for (const { budget, key } of costs) {
    checkBudget(budget, 1);
    checkIds(key);
  }
}

/** Takes back the newest spendings, as far as there are any. */
function giveBack(log: Spent[], units: number): void {
  for (let back = units, last = log.at(-1); back > 0 && last !== undefined; last = log.at(-1)) {
    const taken = Math.min(back, last.units);
    last.units -= taken;
    back -= taken;
    if (last.units === 0) log.pop();
  }
}

/** Spends from `log` (oldest first, changed in place); all of `units` or nothing. Negative units are given back. */
export function spendFrom(log: Spent[], budget: Budget, units: number, now: number): Spending {
  const window = budget.window * 1000;
  while (log[0] !== undefined && log[0].at + window <= now) log.shift();
  if (units < 0) giveBack(log, -units);
  let used = log.reduce((sum, entry) => sum + entry.units, 0);
  const granted = units < 0 || used + units <= budget.limit;
  if (granted && units > 0) {
    used += units;
    const piece = pieceOf(budget);
    const last = log.at(-1);
    if (last && Math.floor(last.at / piece) >= Math.floor(now / piece)) {
      last.at = Math.max(last.at, now);
      last.units += units;
    } else log.push({ at: now, units });
  }
  return spendingOf(granted, budget, used, (log.at(-1)?.at ?? now - window) + window - now);
}

/** Words an outcome; `wholeInMs` = milliseconds until nothing is spent any more. */
export const spendingOf = (granted: boolean, budget: Budget, used: number, wholeInMs: number): Spending => ({
  granted,
  left: Math.max(0, budget.limit - used),
  resetsIn: seconds(Math.max(0, Math.ceil(wholeInMs / 1000))),
});
