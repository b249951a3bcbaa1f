import type { Clock, Instant, Seconds } from "../core/index.ts";
import type { StartedJob, Turn } from "./job.ts";
import type { Scheduler } from "./scheduler.ts";

/** What an instance knows of something it watches; nothing of what another instance looks after. */
export interface WatchState {
  readonly name: string;
  /** This instance is the one that looks after it. */
  readonly watched: boolean;
  /** The last look at it came to an end: it answered, and took what was written. */
  readonly reachable?: boolean;
  /** How much of it was not as it should be when it was last read. */
  readonly drift?: number;
  /** When it was last read to the end. */
  readonly readAt?: Instant;
}

/** A look that failed: a fault, most often. */
export interface FailedLook {
  readonly kind: "failed";
  readonly problem: unknown;
}

/** One look, for whoever looks. */
export interface Look<Found> extends Turn {
  /** Tells what was found: with a key, only if the last thing told had another. */
  readonly notify: (found: Found, key?: string) => void;
}

/** What is watched, and how. */
export interface WatchOptions<Found> {
  /** `target`, `realm` */
  readonly what: string;
  /** The instances agree under these who looks after each. */
  readonly names: readonly string[];
  /** Each is looked at so often at least. */
  readonly every: Seconds;
  /** Looks at one, and mends it if it may; answers how much of it is then not as it should be. Throws what failed. */
  readonly look: (name: string, look: Look<Found>) => Promise<number>;
  /** The next moment at which a look is due anyway; default: none. */
  readonly due?: (now: Instant) => number;
  readonly notify: (name: string, found: Found | FailedLook) => void;
  readonly clock: Clock;
}

/** Things that are watched until the scheduler stops. */
export interface Watch {
  states(): readonly WatchState[];
  /** What they are compared with has changed: all are looked at now, or those that it concerns. */
  changed(concerns?: (name: string) => boolean): void;
}

/** Looks after each by a job of its own: one that is slow or down holds up no other. */
export function watchEach<Found>(scheduler: Pick<Scheduler, "start">, options: WatchOptions<Found>): Watch {
  const watched = options.names.map((name) => watchOne(scheduler, name, options));
  return {
    states: () => watched.map(({ state }) => state()),
    changed: (concerns = () => true) => {
      for (const { name, job } of watched) if (concerns(name)) job.wake();
    },
  };
}

function watchOne<Found>(
  scheduler: Pick<Scheduler, "start">,
  name: string,
  options: WatchOptions<Found>,
): { readonly name: string; readonly job: StartedJob; state(): WatchState } {
  const { what, every, look, due, notify, clock } = options;
  let known: Omit<WatchState, "name" | "watched"> | undefined;
  const notifyOnce = onlyWhenOther((found: Found | FailedLook) => notify(name, found));
  const job = scheduler.start({
    name: `${what} ${name}`,
    every: every * 1000,
    leased: name,
    first: "at once",
    spread: true,
    ...(due && { due }),
    run: async (turn) => {
      const drift = await look(name, { ...turn, notify: notifyOnce });
      known = { reachable: true, drift, readAt: clock.now() };
    },
    failed: (problem) => {
      known = { ...known, reachable: false };
      notifyOnce({ kind: "failed", problem }, String(problem));
    },
  });
  const state = () => (job.isOurs() && known ? { name, watched: true, ...known } : { name, watched: false });
  return { name, job, state };
}

/** What has a key is told only if the last thing told had another. */
function onlyWhenOther<Found>(notify: (found: Found) => void): (found: Found, key?: string) => void {
  let told: string | undefined;
  return (found, key) => {
    if (key !== undefined && key === told) return;
    told = key;
    notify(found);
  };
}
