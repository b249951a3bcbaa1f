import { type Spent, spendFrom } from "./budget.ts";
import type { ExpiryQueue, Mortal } from "./expiry.ts";
import type { Budget, Cost, Spending } from "./port.ts";

/** What the embedded store keeps until it ends. */
export interface Entry extends Mortal {
  readonly forget: () => void;
}

/** Budgets of the embedded store, by name and key. */
export class MemoryBudgets {
  readonly #logs = new Map<string, Entry & { readonly log: Spent[] }>();
  readonly #ends: ExpiryQueue<Entry>;

  constructor(ends: ExpiryQueue<Entry>) {
    this.#ends = ends;
  }

  get size(): number {
    return this.#logs.size;
  }

  spend(budget: Budget, key: string, units: number, now: number): Spending {
    const name = `${budget.name}:${key}`;
    const known = this.#logs.get(name);
    const log = known?.log ?? [];
    const spending = spendFrom(log, budget, units, now);
    const ends = (log.at(-1)?.at ?? 0) + budget.window * 1000;
    if (known) {
      known.ends = ends;
      this.#ends.moved(known);
    } else if (log.length > 0) {
      const entry = { log, ends, place: 0, forget: () => void this.#logs.delete(name) };
      this.#ends.add(entry);
      this.#logs.set(name, entry);
    }
    return spending;
  }

  /** A unit of each or none; or a unit of each is given back. */
  spendAll(costs: readonly Cost[], units: 1 | -1, now: number): boolean {
    if (units > 0 && costs.some(({ budget, key }) => this.spend(budget, key, 0, now).left === 0)) return false;
    for (const { budget, key } of costs) this.spend(budget, key, units, now);
    return true;
  }
}
