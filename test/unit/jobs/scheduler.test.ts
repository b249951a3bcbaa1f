import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fault, instant } from "../../../src/core/index.ts";
import type { Job, Turn } from "../../../src/jobs/job.ts";
import { type LeaseStore, memoryLease } from "../../../src/reconcile/index.ts";
import { heldClock } from "../../support/held-clock.ts";
import { passTime, turns } from "../../support/pass-time.ts";
import { heldScheduler } from "./kit.ts";

const start = instant(1_800_000_000);

/** A job whose runs are noted, in seconds from the start. */
function noted(clock: { now(): number }, more: Partial<Job> = {}) {
  const runs: number[] = [];
  const job: Job = {
    name: "a job",
    every: 60_000,
    leased: false,
    first: "at once",
    ...more,
    run: async (turn) => {
      runs.push(clock.now() - start);
      await more.run?.(turn);
    },
  };
  return { job, runs };
}

describe("a scheduler", () => {
  it("runs a job at once and again after each pause, or for the first time after one", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    const [soon, late] = [noted(clock), noted(clock, { first: "after a pause" })];
    scheduler.start(soon.job);
    scheduler.start(late.job);
    await turns();
    await passTime(clock, 130);
    expect([soon.runs, late.runs]).toEqual([
      [0, 60, 120],
      [60, 120],
    ]);
    await scheduler.stop(1000);
    await passTime(clock, 130);
    expect(soon.runs).toHaveLength(3);
  });

  it("lets no job overlap itself, and the pause begins when a run has ended", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    const slow = noted(clock, { run: () => clock.sleep(100_000) });
    scheduler.start(slow.job);
    await turns();
    await passTime(clock, 330);
    expect(slow.runs).toEqual([0, 160, 320]);
    const stopped = scheduler.stop(1000);
    clock.advance(1);
    await stopped;
  });

  it("tells what failed and tries again soon, then with longer pauses, never longer than the usual one", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    const failing = noted(clock, { run: () => Promise.reject(new Error("no")) });
    const fine = noted(clock);
    scheduler.start(failing.job);
    scheduler.start(fine.job);
    await turns();
    await passTime(clock, 200);
    expect(failing.runs).toEqual([0, 5, 15, 35, 75, 135, 195]);
    expect(scheduler.failures[0]).toEqual({ job: "a job", err: new Error("no") });
    expect(fine.runs).toEqual([0, 60, 120, 180]);
    await scheduler.stop(1000);
  });

  it("runs a job that is woken at once, and once more when it was woken during a run", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    let during = true;
    const woken = noted(clock, {
      run: async () => {
        if (during) job.wake();
        during = false;
      },
    });
    const job = scheduler.start(woken.job);
    await turns();
    expect(woken.runs).toEqual([0, 0]);
    job.wake();
    await turns();
    expect(woken.runs).toEqual([0, 0, 0]);
    await scheduler.stop(1000);
  });

  it("runs a job at the moment it is due anyway", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    const due = noted(clock, { due: (now) => (now < start + 30 ? start + 30 : Number.POSITIVE_INFINITY) });
    scheduler.start(due.job);
    await turns();
    await passTime(clock, 100);
    expect(due.runs).toEqual([0, 30, 90]);
    await scheduler.stop(1000);
  });

  it("at a stop waits for what is under way, as long as it may", async () => {
    const clock = heldClock(start);
    const scheduler = heldScheduler(clock);
    let ended = false;
    const short = noted(clock, {
      run: async ({ stopping }) => {
        await new Promise((resolve) => stopping.addEventListener("abort", resolve));
        ended = true;
      },
    });
    scheduler.start(short.job);
    await turns();
    await scheduler.stop(1000);
    expect(ended).toBe(true);
    const other = heldScheduler(clock);
    other.start(noted(clock, { run: () => new Promise(() => {}) }).job);
    await turns();
    const stopped = other.stop(3000);
    clock.advance(3);
    await stopped;
  });
});

describe("a leased job", () => {
  const leased = { leased: "j" } as const;

  it("is run by one of three instances; another goes on when it leaves, and a minute after it died", async () => {
    const clock = heldClock(start);
    const leases = { j: memoryLease() };
    const instances = [1, 2, 3].map(() => ({ scheduler: heldScheduler(clock, leases), ...noted(clock, leased) }));
    for (const { scheduler, job } of instances) scheduler.start(job);
    await turns();
    await passTime(clock, 125);
    const [one, two, three] = instances.map(({ runs }) => runs);
    expect([one, two, three]).toEqual([[0, 60, 120], [], []]);
    await instances[0]?.scheduler.stop(1000);
    await passTime(clock, 20);
    expect([...(two ?? []), ...(three ?? [])]).toEqual([130]);
    await Promise.all(instances.map(({ scheduler }) => scheduler.stop(1000)));
    await leases.j.hold(
      { run: "dead", holder: "h", since: clock.now(), until: instant(clock.now() + 60) },
      clock.now(),
    );
    const last = { scheduler: heldScheduler(clock, leases), ...noted(clock, leased) };
    last.scheduler.start(last.job);
    await turns();
    const died = clock.now() - start;
    await passTime(clock, 90);
    expect(last.runs[0]).toBe(died + 60);
    await last.scheduler.stop(1000);
  });

  it("is run by nobody while the store does not answer, and a bug in the store ends no job", async () => {
    const clock = heldClock(start);
    let problem: unknown = new Fault("store", "hold");
    const whole = memoryLease();
    const j: LeaseStore = {
      hold: (note, now) => (problem === undefined ? whole.hold(note, now) : Promise.reject(problem)),
      release: (run) => whole.release(run),
    };
    const scheduler = heldScheduler(clock, { j });
    const { job, runs } = noted(clock, leased);
    const started = scheduler.start(job);
    await turns();
    expect([runs, started.isOurs(), scheduler.failures]).toEqual([[], false, []]);
    problem = new Error("a bug");
    await passTime(clock, 5);
    expect([runs, scheduler.failures]).toEqual([[], [{ job: "a job", err: new Error("a bug") }]]);
    problem = undefined;
    await passTime(clock, 5);
    expect([runs.length, started.isOurs()]).toEqual([1, true]);
    await scheduler.stop(1000);
    expect(whole.held()).toBeUndefined();
  });
});

/** What may happen to instances that share a store. */
type Happening =
  | { readonly kind: "pass"; readonly seconds: number }
  | { readonly kind: "start" | "stop" | "die"; readonly who: number };

const instances = 3;
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("pass" as const), seconds: fc.integer({ min: 1, max: 150 }) }),
  },
  fc.record({
    kind: fc.constantFrom("start" as const, "stop" as const, "die" as const),
    who: fc.nat({ max: instances - 1 }),
  }),
);

describe("one runner", () => {
  it("whatever starts, stops, dies and takes long: at no moment may two instances write, and nobody waits for long", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 1, maxLength: 25 }),
        fc.array(fc.constantFrom(0, 10, 70, 130), { minLength: 1, maxLength: 8 }),
        async (happenings, lengths) => {
          const world = makeWorld(lengths);
          for (const one of happenings) await world.happens(one);
          expect(world.problems).toEqual([]);
          await world.end();
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Instances on one clock and one store whose runs ask, every 10 s and at their end, whether they may still write. */
function makeWorld(lengths: readonly number[]) {
  const clock = heldClock(start);
  const shared = memoryLease();
  const problems: string[] = [];
  const alive = new Map<number, { readonly stop: () => Promise<void>; die(): void }>();
  let idleSince = clock.now();
  let runs = 0;
  let begun = 0;
  let writer: { readonly who: number; readonly until: number } | undefined;

  const mayWrite = async (who: number, lease: Turn["lease"]) => {
    const [now, until] = [clock.now(), instant(clock.now() + 60)];
    const held = await lease.hold({ run: "r", holder: "h", since: now, until }, now);
    if (held.run !== "r") return;
    if (writer !== undefined && writer.who !== who && writer.until > now) problems.push(`${who} beside ${writer.who}`);
    writer = { who, until };
  };

  const begin = (slot: number) => {
    const who = begun++;
    let dead = false;
    const j: LeaseStore = {
      hold: (note, now) => (dead ? Promise.reject(new Fault("store", "hold")) : shared.hold(note, now)),
      release: async (run) => {
        if (!dead) await shared.release(run);
        if (!dead && writer?.who === who) writer = undefined;
      },
    };
    const scheduler = heldScheduler(clock, { j });
    const run = async ({ lease }: Turn) => {
      if (dead) return;
      idleSince = clock.now();
      const length = lengths[runs++ % lengths.length] ?? 0;
      for (let passed = 0; passed <= length; passed += 10) {
        await mayWrite(who, lease).catch(() => undefined);
        if (passed < length) await clock.sleep(10_000);
      }
      idleSince = clock.now();
    };
    scheduler.start({ name: "j", every: 60_000, leased: "j", first: "at once", run });
    const stop = async () => {
      const stopped = scheduler.stop(0);
      clock.advance(0);
      await stopped;
    };
    const die = () => {
      dead = true;
    };
    alive.set(slot, { stop, die });
  };

  const happens = async (one: Happening) => {
    if (one.kind === "start" && !alive.has(one.who)) begin(one.who);
    if (one.kind === "die") alive.get(one.who)?.die();
    if (one.kind === "stop") await alive.get(one.who)?.stop();
    if (one.kind === "stop" || one.kind === "die") alive.delete(one.who);
    await turns();
    if (one.kind !== "pass") return;
    if (alive.size === 0) idleSince = instant(clock.now() + one.seconds);
    await passTime(clock, one.seconds);
    // A dead one's lease, a look at it, the pause, and the longest run.
    if (alive.size > 0 && clock.now() - idleSince > 60 + 5 + 60 + 130) problems.push("nobody runs it");
  };
  return {
    problems,
    happens,
    end: async () => {
      for (const { stop } of alive.values()) await stop();
    },
  };
}
