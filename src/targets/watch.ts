import { type Clock, Fault, type Instant, type Random, type Seconds, type TargetName, token } from "../core/index.ts";
import type { Policy } from "../policy/index.ts";
import { type Applied, deletesOf, type LeaseStore, type Plan, sayStep } from "../reconcile/index.ts";
import type { TargetPlan } from "./plan-target.ts";
import { nextWindow } from "./windows.ts";

/** What an instance knows of a target; nothing of one that another instance looks after. */
export interface TargetState {
  readonly target: TargetName;
  /** This instance is the one that looks after it. */
  readonly watched: boolean;
  /** The last look at it came to an end: it answered, and took what was written. */
  readonly reachable?: boolean;
  /** Steps between it and the policy, and things in the way, when it was last read. */
  readonly drift?: number;
  /** When it was last read to the end. */
  readonly readAt?: Instant;
}

/** What is worth telling. Said once, and again only when it has changed. */
export type Finding =
  | { readonly kind: "in-step" }
  | { readonly kind: "drifted"; readonly steps: readonly string[]; readonly because: string }
  | { readonly kind: "applied"; readonly outcome: Applied["outcome"]; readonly steps: readonly string[] }
  /** A fault, most often; a bug in here ends no other's watch. */
  | { readonly kind: "failed"; readonly problem: unknown };

/** How targets are kept in step with the policy. */
export interface WatchOptions {
  readonly targets: readonly TargetName[];
  /** Each is read so often at least. */
  readonly every: Seconds;
  /** `report` changes nothing. */
  readonly mode: "report" | "apply";
  /** A plan with more deletions waits for a person: a policy file that was cut short looks like that. */
  readonly maxDeletes: number;
  readonly policy: () => Policy;
  readonly plan: (target: TargetName) => Promise<TargetPlan>;
  readonly apply: (planned: TargetPlan, lease: LeaseStore) => Promise<Applied>;
  /** Where the instances agree who looks after a target. */
  readonly leaseOn: (target: TargetName) => LeaseStore;
  /** Who we are, in words, for whoever finds the lease held. */
  readonly holder: string;
  readonly tell: (target: TargetName, finding: Finding) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** A watch over targets that goes on until it is stopped. */
export interface Watch {
  states(): readonly TargetState[];
  /** The policy has changed: all are looked at now. */
  changed(): void;
  /** No step begins any more; resolves when those under way have ended, or after `graceMillis`. */
  stop(graceMillis: number): Promise<void>;
}

/** An instance that died is replaced after this long. */
const leaseSeconds = 60;
/** The lease is extended, and its end looked for, this often. */
const beatSeconds = 20;
const firstPauseSeconds = 5;

/** Looks after each target on its own: one that is slow or down holds up no other. */
export function watchTargets(options: WatchOptions): Watch {
  const stopping = new AbortController();
  const watches = options.targets.map((target) => new TargetWatch(target, options, stopping.signal));
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

class TargetWatch {
  readonly #target: TargetName;
  readonly #options: WatchOptions;
  readonly #stopping: AbortSignal;
  readonly #lease: LeaseStore;
  readonly #run: string;
  #state: TargetState;
  #wake = new AbortController();
  #due = 0;
  #changed = false;
  #failures = 0;
  #told = "";

  constructor(target: TargetName, options: WatchOptions, stopping: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#stopping = stopping;
    this.#lease = options.leaseOn(target);
    this.#run = token(options.random, 12);
    this.#state = { target, watched: false };
  }

  state(): TargetState {
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
      } else this.#state = { target: this.#target, watched: false };
      await clock.sleep(this.#pauseMillis(), AbortSignal.any([this.#stopping, this.#wake.signal]));
    }
    await this.#lease.release(this.#run).catch(ignoreFault);
  }

  /** Takes the lease or extends it. A store that does not answer is nobody's leave to act. */
  async #isOurs(): Promise<boolean> {
    const { clock, holder } = this.#options;
    const now = clock.now();
    const note = { run: this.#run, holder, since: now, until: (now + leaseSeconds) as Instant };
    const standing = await this.#lease.hold(note, now).catch(ignoreFault);
    return standing?.run === this.#run;
  }

  async #look(): Promise<void> {
    const { clock, policy } = this.#options;
    const base = { target: this.#target, watched: true };
    this.#changed = false;
    try {
      const drift = await this.#bringInStep();
      this.#state = { ...base, reachable: true, drift, readAt: clock.now() };
      this.#failures = 0;
      this.#due = Math.min(clock.now() + this.#varied(this.#options.every), nextWindow(policy(), clock.now()));
    } catch (problem) {
      const { drift, readAt } = this.#state;
      const known = { ...(drift !== undefined && { drift }), ...(readAt !== undefined && { readAt }) };
      this.#state = { ...base, ...known, reachable: false };
      this.#tell({ kind: "failed", problem }, String(problem));
      const pause = Math.min(firstPauseSeconds * 2 ** this.#failures++, this.#options.every);
      this.#due = clock.now() + this.#varied(pause);
    }
  }

  /** Plans, and applies if it may. Answers how many steps are left. */
  async #bringInStep(): Promise<number> {
    const { mode, maxDeletes, plan, apply } = this.#options;
    const planned = await plan(this.#target);
    const { steps, conflicts } = planned.plan;
    const said = steps.map(sayStep);
    if (steps.length + conflicts.length === 0) {
      this.#tell({ kind: "in-step" }, "in-step");
      return 0;
    }
    const because = waitsBecause(planned.plan, mode, maxDeletes);
    if (because !== undefined) {
      this.#tell({ kind: "drifted", steps: said, because }, JSON.stringify([said, because]));
      return steps.length + conflicts.length;
    }
    const applied = await apply(planned, this.#heldLease());
    this.#tell({ kind: "applied", outcome: applied.outcome, steps: applied.done.map(sayStep) }, "");
    if (applied.outcome === "stopped" && !this.#stopping.aborted) throw applied.fault;
    return applied.outcome === "applied" ? 0 : steps.length - applied.done.length;
  }

  /** The lease as the engine asks for it between steps: ours for as long as the watch goes on and has it. */
  #heldLease(): LeaseStore {
    const other = (now: Instant) => ({ run: "", holder: "the end of this instance", since: now, until: now });
    return {
      hold: async (note, now) => {
        if (this.#stopping.aborted) return other(now);
        const standing = await this.#lease.hold({ ...note, run: this.#run }, now);
        return standing.run === this.#run ? note : standing;
      },
      release: async () => {},
    };
  }

  #tell(finding: Finding, key: string): void {
    if (key !== "" && key === this.#told) return;
    this.#told = key;
    this.#options.tell(this.#target, finding);
  }

  #pauseMillis(): number {
    const left = Math.max(this.#due - this.#options.clock.now(), 1);
    return Math.min(left, beatSeconds) * 1000;
  }

  /** Up to a tenth longer: many targets, or many instances, do not all ask at one moment. */
  #varied(seconds: number): number {
    return seconds + this.#options.random.below(Math.ceil(seconds / 10) + 1);
  }
}

/** Why a plan is not carried out without a person; nothing when it may be. */
function waitsBecause(plan: Plan, mode: WatchOptions["mode"], maxDeletes: number): string | undefined {
  if (plan.conflicts.length > 0) return "something that is not ours is in the way";
  if (mode === "report") return "it is only reported";
  if (plan.steps.some((step) => step.confirm)) return "a step cannot be undone: a person must confirm it";
  if (deletesOf(plan) > maxDeletes) return `it would delete ${deletesOf(plan)} objects, more than ${maxDeletes}`;
  return undefined;
}

function ignoreFault(thrown: unknown): undefined {
  if (!(thrown instanceof Fault)) throw thrown;
  return undefined;
}
