import { type Clock, Fault, type Instant, instant, type Random, token } from "../core/index.ts";
import type { LeaseStore } from "../reconcile/index.ts";
import type { Job, StartedJob, Turn } from "./job.ts";

/** What runs by itself while the broker does. */
export interface Scheduler {
  start(job: Job): StartedJob;
  /** No run begins any more; resolves when those under way have ended, or after `graceMillis`. */
  stop(graceMillis: number): Promise<void>;
}

/** What the scheduler is made of. */
interface SchedulerDeps {
  /** Where the instances agree who runs a job. */
  readonly leaseOn: (name: string) => LeaseStore;
  /** Who we are, in words, for whoever finds a lease held. */
  readonly holder: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: { error(fields: object, message: string): void };
}

/** An instance that died is replaced after this long. */
const leaseSeconds = 60;
/** A lease is extended this often at least. */
const beatMillis = 20_000;
/** The end of another's lease is looked for this often. */
const standbyMillis = 5_000;
const firstRetryMillis = 5_000;

/**
 * Runs every job on its own: one that is slow, hangs or fails holds up no other, and none overlaps itself. Of a leased one
 * a run begins only while no other instance has the lease. A run that outlasts its lease may meet another's: whoever
 * writes asks the turn's lease first.
 */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const stopping = new AbortController();
  const ended: Promise<void>[] = [];
  return {
    start: (job) => {
      const loop = new JobLoop(job, deps, stopping.signal);
      ended.push(loop.run());
      return loop;
    },
    stop: async (graceMillis) => {
      stopping.abort();
      const enough = new AbortController();
      await Promise.race([Promise.all(ended), deps.clock.sleep(graceMillis, enough.signal)]);
      enough.abort();
    },
  };
}

class JobLoop implements StartedJob {
  readonly #job: Job;
  readonly #deps: SchedulerDeps;
  readonly #stopping: AbortSignal;
  readonly #lease: LeaseStore | undefined;
  /** Which instance, and which start of it, has the lease. */
  readonly #instance: string;
  #ours = false;
  #wake = new AbortController();
  /** Milliseconds. */
  #due: number;
  #woken = false;
  #failures = 0;

  constructor(job: Job, deps: SchedulerDeps, stopping: AbortSignal) {
    this.#job = job;
    this.#deps = deps;
    this.#stopping = stopping;
    this.#lease = job.leased === false ? undefined : deps.leaseOn(job.leased);
    this.#instance = token(deps.random, 12);
    this.#due = job.first === "at once" ? 0 : deps.clock.millis() + this.#varied(job.every);
  }

  isOurs(): boolean {
    return this.#ours;
  }

  wake(): void {
    this.#woken = true;
    this.#wake.abort();
  }

  async run(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stopping.aborted) {
      this.#wake = new AbortController();
      this.#ours = await this.#takeLease();
      if (this.#ours && (this.#woken || clock.millis() >= this.#due)) await this.#turn();
      await clock.sleep(this.#pauseMillis(), AbortSignal.any([this.#stopping, this.#wake.signal]));
    }
    await this.#lease?.release(this.#instance).catch((problem: unknown) => this.#ignoreFault(problem));
  }

  /** Takes the lease or extends it. A store that does not answer is nobody's leave to act. */
  async #takeLease(): Promise<boolean> {
    if (this.#lease === undefined) return true;
    const now = this.#deps.clock.now();
    const note = { run: this.#instance, holder: this.#deps.holder, since: now, until: instant(now + leaseSeconds) };
    const held = await this.#lease.hold(note, now).catch((problem: unknown) => this.#ignoreFault(problem));
    return held?.run === this.#instance;
  }

  async #turn(): Promise<void> {
    const { clock } = this.#deps;
    const { every, due } = this.#job;
    this.#woken = false;
    try {
      await this.#job.run({ lease: this.#leaseOfTurn(), stopping: this.#stopping });
      this.#failures = 0;
      const anyway = (due?.(clock.now()) ?? Number.POSITIVE_INFINITY) * 1000;
      this.#due = Math.min(clock.millis() + this.#varied(every), anyway);
    } catch (problem) {
      this.#notify(problem);
      const pause = Math.min(firstRetryMillis * 2 ** this.#failures++, every);
      this.#due = clock.millis() + this.#varied(pause);
    }
  }

  #leaseOfTurn(): Turn["lease"] {
    const nobodys = (now: Instant) => ({ run: "", holder: "the end of this instance", since: now, until: now });
    return {
      hold: async (note, now) => {
        if (this.#stopping.aborted) return nobodys(now);
        if (this.#lease === undefined) return note;
        const held = await this.#lease.hold({ ...note, run: this.#instance }, now);
        return held.run === this.#instance ? note : held;
      },
      release: async () => {},
    };
  }

  #pauseMillis(): number {
    if (!this.#ours) return standbyMillis;
    const left = Math.max(this.#due - this.#deps.clock.millis(), 0);
    return this.#lease === undefined ? left : Math.min(left, beatMillis);
  }

  #varied(millis: number): number {
    if (this.#job.spread === undefined) return millis;
    return millis + this.#deps.random.below(Math.ceil(millis / 10_000) + 1) * 1000;
  }

  #notify(problem: unknown): void {
    if (this.#job.failed !== undefined) return this.#job.failed(problem);
    this.#deps.log.error({ job: this.#job.name, err: problem }, "a job failed; it is tried again");
  }

  /** A store that is away is told by readiness; anything else is a bug of ours, and must end no job. */
  #ignoreFault(problem: unknown): undefined {
    if (!(problem instanceof Fault)) this.#notify(problem);
    return undefined;
  }
}
