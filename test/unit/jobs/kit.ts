import { systemRandom } from "../../../src/core/index.ts";
import { createScheduler, type Scheduler } from "../../../src/jobs/index.ts";
import { type LeaseStore, memoryLease } from "../../../src/reconcile/index.ts";
import type { HeldClock } from "../../support/held-clock.ts";

/** A scheduler on a clock that a test moves, without spread; what jobs failed at is kept. */
export function heldScheduler(
  clock: HeldClock,
  leases: Readonly<Record<string, LeaseStore>> = {},
): Scheduler & { readonly failures: unknown[] } {
  const failures: unknown[] = [];
  const scheduler = createScheduler({
    leaseOn: (name) => leases[name] ?? memoryLease(),
    holder: "h",
    clock,
    random: { ...systemRandom, below: () => 0 },
    log: { error: (fields) => void failures.push(fields) },
  });
  return { ...scheduler, failures };
}
