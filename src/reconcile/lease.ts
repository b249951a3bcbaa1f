import { type Clock, type Instant, instant, type Random, type Seconds, token } from "../core/index.ts";

/** Who applies at the moment. */
export interface Lease {
  /** Of one run: tells two runs of the same person apart. */
  readonly run: string;
  /** Whom to ask, in words: account and machine. */
  readonly holder: string;
  readonly since: Instant;
  /** From then on anybody may take it: a run that died holds up nobody for longer. */
  readonly until: Instant;
}

/** Where the driver keeps the lease, in the product itself: a file on one machine would not hold off another. */
export interface LeaseStore {
  /**
   * Writes the lease if there is none, if the one there is over at `now`, or if it is of the same run (which extends it).
   * Answers the lease that then holds: ours, or that of the other who holds it. Where there is no place for it yet
   * (a realm that is not made), ours.
   */
  hold(lease: Lease, now: Instant): Promise<Lease>;
  /** Removes the lease of this run; another's stays. */
  release(run: string): Promise<void>;
}

/** How a run holds the lease. */
export interface LeaseOptions {
  readonly holder: string;
  readonly clock: Clock;
  readonly random: Random;
  /** How long a run that died keeps others waiting; default 120. */
  readonly seconds?: Seconds;
}

/** A lease that a run holds. */
export interface HeldLease {
  /** True when it should be extended before more is done. */
  due(): boolean;
  /** Extends it; answers the lease of the other when it was lost. */
  extend(): Promise<Lease | undefined>;
  release(): Promise<void>;
}

/** Takes the lease, or answers who holds it. */
export async function takeLease(store: LeaseStore, options: LeaseOptions): Promise<HeldLease | Lease> {
  const { clock, holder, seconds = 120 as Seconds } = options;
  const run = token(options.random, 12);
  const since = clock.now();
  let until = since;
  const extend = async () => {
    const now = clock.now();
    const lease = { run, holder, since, until: instant(now + seconds) };
    const current = await store.hold(lease, now);
    if (current.run !== run) return current;
    until = lease.until;
    return undefined;
  };
  const other = await extend();
  if (other !== undefined) return other;
  return {
    due: () => clock.now() >= until - seconds / 2,
    extend,
    release: () => store.release(run),
  };
}

/** A lease that lives as long as the process; for tests. */
export function memoryLease(): LeaseStore & { held(): Lease | undefined } {
  let kept: Lease | undefined;
  return {
    hold: async (lease, now) => {
      if (kept === undefined || kept.until <= now || kept.run === lease.run) kept = lease;
      return kept;
    },
    release: async (run) => {
      if (kept?.run === run) kept = undefined;
    },
    held: () => kept,
  };
}
