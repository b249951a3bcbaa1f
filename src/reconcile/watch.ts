import { type Clock, Fault, type Instant, instant, type Random, type Seconds, token } from "../core/index.ts";
import type { LeaseStore } from "./lease.ts";

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

/** A look that failed: a fault, most often; a bug in one ends no other's watch. */
export interface FailedLook {
  readonly kind: "failed";
  readonly problem: unknown;
}

/** One look, for whoever looks. */
export interface Look<Found> {
  /** The watch's own lease, as the engine asks for it between steps: ours for as long as the watch goes on and has it. */
  readonly lease: LeaseStore;
  /** Aborted when the watch ends. */
  readonly stopping: AbortSignal;
  /** Tells what was found: with a key, only if the last thing told had another. */
  readonly tell: (found: Found, key?: string) => void;
}

/** What is watched, and how. */
export interface WatchOptions<Found> {
  readonly names: readonly string[];
  /** Each is looked at so often at least. */
  readonly every: Seconds;
  /** Looks at one, and mends it if it may; answers how much of it is then not as it should be. Throws what failed. */
  readonly look: (name: string, look: Look<Found>) => Promise<number>;
  /** The next moment at which a look is due anyway; default: none. */
  readonly due?: (now: Instant) => number;
  /** Where the instances agree who looks after one. */
  readonly leaseOn: (name: string) => LeaseStore;
  /** Who we are, in words, for whoever finds the lease held. */
  readonly holder: string;
  readonly tell: (name: string, found: Found | FailedLook) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** A watch that goes on until it is stopped. */
export interface Watch {
  states(): readonly WatchState[];
  /** What they are compared with has changed: all are looked at now. */
  changed(): void;
  /** No step begins any more; resolves when those under way have ended, or after `graceMillis`. */
  stop(graceMillis: number): Promise<void>;
}

/** An instance that died is replaced after this long. */
const leaseSeconds = 60;
/** The lease is extended, and its end looked for, this often. */
const beatSeconds = 20;
const firstPauseSeconds = 5;

/** Looks after each on its own: one that is slow or down holds up no other. */
export function watchEach<Found>(options: WatchOptions<Found>): Watch {
  const stopping = new AbortController();
  const watches = options.names.map((name) => new OneWatch(name, options, stopping.signal));
  const ended = Promise.all(watches.map((watch) => watch.run()));
  return {
    states: () => watches.map((watch) => watch.state()),
    changed: () => {
      for (const watch of watches) watch.wake();
    },
    stop: async (graceMillis) => {
      stopping.abort();
      const enough = new AbortController();
      await Promise.race([ended, options.clock.sleep(graceMillis, enough.signal)]);
      enough.abort();
    },
  };
}

class OneWatch<Found> {
  readonly #name: string;
  readonly #options: WatchOptions<Found>;
  readonly #stopping: AbortSignal;
  readonly #lease: LeaseStore;
  readonly #run: string;
  #state: WatchState;
  #wake = new AbortController();
  #due = 0;
  #changed = false;
  #failures = 0;
  #told: string | undefined;

  constructor(name: string, options: WatchOptions<Found>, stopping: AbortSignal) {
    this.#name = name;
    this.#options = options;
    this.#stopping = stopping;
    this.#lease = options.leaseOn(name);
    this.#run = token(options.random, 12);
    this.#state = { name, watched: false };
  }

  state(): WatchState {
    return this.#state;
  }

  wake(): void {
    this.#changed = true;
    this.#wake.abort();
  }

  async run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping.aborted) {
      this.#wake = new AbortController();
      if (await this.#isOurs()) {
        if (this.#changed || clock.now() >= this.#due) await this.#look();
      } else this.#state = { name: this.#name, watched: false };
      await clock.sleep(this.#pauseMillis(), AbortSignal.any([this.#stopping, this.#wake.signal]));
    }
    await this.#lease.release(this.#run).catch(ignoreFault);
  }

  /** Takes the lease or extends it. A store that does not answer is nobody's leave to act. */
  async #isOurs(): Promise<boolean> {
    const { clock, holder } = this.#options;
    const now = clock.now();
    const note = { run: this.#run, holder, since: now, until: instant(now + leaseSeconds) };
    const current = await this.#lease.hold(note, now).catch(ignoreFault);
    return current?.run === this.#run;
  }

  async #look(): Promise<void> {
    const { clock, every, look, due } = this.#options;
    const base = { name: this.#name, watched: true };
    this.#changed = false;
    try {
      const tell: Look<Found>["tell"] = (found, key) => this.#tell(found, key);
      const drift = await look(this.#name, { lease: this.#heldLease(), stopping: this.#stopping, tell });
      this.#state = { ...base, reachable: true, drift, readAt: clock.now() };
      this.#failures = 0;
      const anyway = due?.(clock.now()) ?? Number.POSITIVE_INFINITY;
      this.#due = Math.min(clock.now() + this.#varied(every), anyway);
    } catch (problem) {
      const { drift, readAt } = this.#state;
      const known = { ...(drift !== undefined && { drift }), ...(readAt !== undefined && { readAt }) };
      this.#state = { ...base, ...known, reachable: false };
      this.#tell({ kind: "failed", problem }, String(problem));
      const pause = Math.min(firstPauseSeconds * 2 ** this.#failures++, every);
      this.#due = clock.now() + this.#varied(pause);
    }
  }

  #heldLease(): LeaseStore {
    const other = (now: Instant) => ({ run: "", holder: "the end of this instance", since: now, until: now });
    return {
      hold: async (note, now) => {
        if (this.#stopping.aborted) return other(now);
        const current = await this.#lease.hold({ ...note, run: this.#run }, now);
        return current.run === this.#run ? note : current;
      },
      release: async () => {},
    };
  }

  #tell(found: Found | FailedLook, key: string | undefined): void {
    if (key !== undefined && key === this.#told) return;
    this.#told = key;
    this.#options.tell(this.#name, found);
  }

  #pauseMillis(): number {
    const left = Math.max(this.#due - this.#options.clock.now(), 1);
    return Math.min(left, beatSeconds) * 1000;
  }

  /** Up to a tenth longer: many things, or many instances, do not all ask at one moment. */
  #varied(seconds: number): number {
    return seconds + this.#options.random.below(Math.ceil(seconds / 10) + 1);
  }
}

function ignoreFault(thrown: unknown): undefined {
  if (!(thrown instanceof Fault)) throw thrown;
  return undefined;
}
