import { describe, expect, it } from "vitest";
import { Fault, type Instant, instant, seconds, systemRandom, type TargetName } from "../../../src/core/index.ts";
import { type TargetNews, watchTargets } from "../../../src/jobs/targets.ts";
import type { FailedLook } from "../../../src/jobs/watch.ts";
import type { Policy } from "../../../src/policy/index.ts";
import { applyPlan, type LeaseStore, makePlan, memoryLease, type Resource } from "../../../src/reconcile/index.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";
import { passTime, turns } from "../../support/pass-time.ts";
import { memoryWorld } from "../reconcile/memory-world.ts";
import { heldScheduler } from "./kit.ts";

const right = (key: string, ...members: string[]): Resource => ({ kind: "right", key, fields: { members } });
const start = instant(1_800_000_000);

interface Site {
  readonly world: ReturnType<typeof memoryWorld>;
  desired: Resource[];
  waiting?: readonly string[];
  /** In place of a reading. */
  read?: () => Promise<void>;
}

const site = (...desired: Resource[]): Site => ({ world: memoryWorld(), desired });

interface Wishes {
  readonly mode?: "report" | "apply";
  readonly maxDeletes?: number;
  readonly clock?: HeldClock;
  readonly leases?: Record<string, LeaseStore>;
  readonly windowsEnd?: Instant;
}

/** A watch over sites in memory; reads are counted, findings kept. */
function watch(sites: Record<string, Site>, wishes: Wishes = {}) {
  const clock = wishes.clock ?? heldClock(start);
  const leases = wishes.leases ?? Object.fromEntries(Object.keys(sites).map((name) => [name, memoryLease()]));
  const told: [string, TargetNews | FailedLook][] = [];
  const reads: string[] = [];
  const ended: string[] = [];
  const policy = {
    rules: new Map([["t", { grants: wishes.windowsEnd === undefined ? [] : [{ until: wishes.windowsEnd }] }]]),
  } as unknown as Policy;
  const scheduler = heldScheduler(clock, leases);
  const started = watchTargets(scheduler, {
    targets: Object.keys(sites) as TargetName[],
    every: seconds(300),
    mode: wishes.mode ?? "apply",
    maxDeletes: wishes.maxDeletes ?? 20,
    policy: () => policy,
    plan: async (target) => {
      const at = sites[target];
      if (at === undefined) throw new Error("no such site");
      reads.push(`${target} +${clock.now() - start}`);
      await at.read?.();
      const { desired } = at;
      const { driver } = at.world;
      return {
        target,
        plan: await makePlan(driver, desired),
        desired,
        driver,
        deps: { clock, random: systemRandom },
        requests: 0,
        leftOut: [],
        waiting: at.waiting ?? [],
        refused: [],
      };
    },
    apply: ({ driver, desired, plan }, lease) =>
      applyPlan({ ...driver, lease }, desired, plan, { lease: { holder: "h", clock, random: systemRandom } }),
    notify: (target, finding) => void told.push([target, finding]),
    wanted: (target) => JSON.stringify(sites[target]?.desired),
    looking: (target) => {
      const wanted = JSON.stringify(sites[target]?.desired.map(({ key }) => key));
      return async (how) => void ended.push(`${target} ${wanted} ${Object.values(how).join(" ")}`);
    },
    clock,
  });
  const pass = (by: number) => passTime(clock, by);
  const kinds = () => told.map(([target, { kind }]) => `${target} ${kind}`);
  return { ...started, stop: scheduler.stop, clock, leases, told, ended, kinds, reads, pass };
}

describe("a watch over targets", () => {
  it("makes a target as the policy says, and again when somebody has changed it", async () => {
    const gx1 = site(right("dev", "ann"));
    const w = watch({ gx1 });
    await turns();
    expect(gx1.world.there()).toHaveLength(1);
    await applyPlan(gx1.world.driver, [], await makePlan(gx1.world.driver, []));
    await w.pass(295);
    expect(gx1.world.there()).toEqual([]);
    await w.pass(10);
    expect(gx1.world.there()).toHaveLength(1);
    expect(w.kinds()).toEqual(["gx1 applied", "gx1 applied"]);
    expect(w.states()).toEqual([{ name: "gx1", watched: true, reachable: true, drift: 0, readAt: expect.any(Number) }]);
    await w.stop(1000);
  });

  it("in report mode writes nothing, counts the steps, and says the same difference once", async () => {
    const gx1 = site(right("dev", "ann"));
    const w = watch({ gx1 }, { mode: "report" });
    await turns();
    await w.pass(700);
    expect(w.reads).toHaveLength(3);
    expect([gx1.world.there(), w.kinds(), w.states()[0]?.drift]).toEqual([[], ["gx1 drifted"], 1]);
    gx1.desired = [right("dev", "ann"), right("ops", "bob")];
    await w.pass(300);
    expect([w.kinds(), w.states()[0]?.drift]).toEqual([["gx1 drifted", "gx1 drifted"], 2]);
    await w.stop(1000);
  });

  it("does what can be done, and is not in step while something wanted has to wait (R11)", async () => {
    const gx1: Site = { ...site(right("dev", "ann")), waiting: ["the ClusterRole x is not there"] };
    const w = watch({ gx1 });
    await turns();
    await w.pass(700);
    expect([gx1.world.there().length, w.kinds(), w.states()[0]?.drift]).toEqual([1, ["gx1 applied", "gx1 drifted"], 1]);
    expect(w.told.at(-1)?.[1]).toMatchObject({ steps: [], detail: "the ClusterRole x is not there" });
    gx1.waiting = [];
    await w.pass(300);
    expect([w.kinds().at(-1), w.states()[0]?.drift]).toEqual(["gx1 in-step", 0]);
    await w.stop(1000);
  });

  it("looks at once when the policy changes, also when it changes during a look", async () => {
    const gx1 = site(right("dev", "ann"));
    const w = watch({ gx1 });
    await turns();
    gx1.desired = [];
    let during = true;
    gx1.read = async () => {
      if (during) gx1.desired = [right("ops", "bob")];
      if (during) w.changed();
      during = false;
    };
    w.changed();
    await turns();
    expect(w.reads).toEqual(["gx1 +0", "gx1 +0", "gx1 +0"]);
    expect(gx1.world.there().map(({ key }) => key)).toEqual(["ops"]);
    await w.stop(1000);
  });

  it("looks at nothing of which a changed policy wants the same", async () => {
    const [gx1, gx2] = [site(right("dev", "ann")), site(right("dev", "ann"))];
    const w = watch({ gx1, gx2 });
    await turns();
    gx2.desired = [];
    w.changed();
    await turns();
    expect(w.reads).toEqual(["gx1 +0", "gx2 +0", "gx2 +0"]);
    w.changed();
    await turns();
    expect(w.reads).toHaveLength(3);
    await w.stop(1000);
  });

  it("says of each look how it ended, and what was wanted when it began", async () => {
    const gx1: Site = { ...site(right("dev", "ann")), waiting: ["the ClusterRole x is not there"] };
    const w = watch({ gx1 }, { maxDeletes: 0 });
    await turns();
    gx1.waiting = [];
    gx1.read = async () => {
      gx1.desired = [];
    };
    await w.pass(310);
    delete gx1.read;
    await w.pass(310);
    gx1.read = async () => {
      throw new Fault("keystone gx1", "log in", { retryable: true });
    };
    await w.pass(310);
    gx1.read = async () => {
      throw new Fault("keystone gx1", "log in", { refused: true });
    };
    await w.pass(6);
    expect([...new Set(w.ended)]).toEqual([
      'gx1 ["dev"] lacks',
      'gx1 ["dev"] person deletes',
      "gx1 [] person deletes",
      "gx1 [] failed away",
      "gx1 [] failed refused",
    ]);
    await w.stop(1000);
  });

  it("looks when a window closes, and not only at its next turn", async () => {
    const w = watch({ gx1: site() }, { windowsEnd: instant(start + 100) });
    await turns();
    await w.pass(200);
    expect(w.reads).toEqual(["gx1 +0", "gx1 +100"]);
    await w.stop(1000);
  });

  it("a target that never answers holds up no other; one that is down is asked with longer and longer pauses", async () => {
    const hanging = { ...site(), read: () => new Promise<never>(() => {}) };
    const down = {
      ...site(),
      read: async () => {
        throw new Fault("keystone gx2", "log in", { retryable: true });
      },
    };
    const fine = site(right("dev", "ann"));
    const w = watch({ hanging, down, fine });
    await turns();
    await w.pass(600);
    expect(fine.world.there()).toHaveLength(1);
    const asked = w.reads.filter((r) => r.startsWith("down")).map((r) => Number(r.split("+")[1]));
    expect(asked.slice(0, 6)).toEqual([0, 5, 15, 35, 75, 155]);
    expect(w.reads.filter((r) => r.startsWith("hanging"))).toEqual(["hanging +0"]);
    expect(w.kinds().filter((k) => k.startsWith("down"))).toEqual(["down failed"]);
    expect(w.states()[1]).toEqual({ name: "down", watched: true, reachable: false });
    const stopped = w.stop(1000);
    w.clock.advance(1);
    await stopped;
  });

  it("of two instances one acts; the other takes over when it leaves, and a minute after it died", async () => {
    const clock = heldClock(start);
    const leases = { gx1: memoryLease() };
    const shared = { clock, leases };
    const one = watch({ gx1: site() }, shared);
    await turns();
    const two = watch({ gx1: site() }, shared);
    await turns();
    await two.pass(400);
    expect([one.reads.length, two.reads]).toEqual([2, []]);
    expect(two.states()).toEqual([{ name: "gx1", watched: false }]);
    await one.stop(1000);
    await two.pass(20);
    expect([two.reads.length, leases.gx1.held()?.holder]).toEqual([1, "h"]);
    // It dies: nobody extends its lease any more, and nobody gives it back.
    const dead = { run: "dead", holder: "h", since: clock.now(), until: instant(clock.now() + 60) };
    await two.stop(1000);
    await leases.gx1.hold(dead, clock.now());
    const three = watch({ gx1: site() }, shared);
    await turns();
    await three.pass(40);
    expect(three.reads).toEqual([]);
    await three.pass(40);
    expect(three.reads).toHaveLength(1);
    await three.stop(1000);
  });

  it("what cannot be undone, deletes much or meets somebody else's object waits for a person", async () => {
    const many = site();
    const desired = Array.from({ length: 3 }, (_, i) => right(`r${i}`, "ann"));
    await applyPlan(many.world.driver, desired, await makePlan(many.world.driver, desired));
    const w = watch({ many }, { maxDeletes: 2 });
    await turns();
    expect(w.told).toEqual([
      ["many", { kind: "drifted", steps: expect.any(Array), detail: "it would delete 3 objects, more than 2" }],
    ]);
    expect(many.world.there()).toHaveLength(3);
    await w.stop(1000);
    const foreign: Site = { world: memoryWorld([{ ...right("dev"), owned: false }]), desired: [right("dev", "ann")] };
    const v = watch({ foreign });
    await turns();
    expect(v.told.map(([, f]) => f.kind === "drifted" && f.detail)).toEqual([
      "something that is not ours is in the way",
    ]);
    await v.stop(1000);
  });

  it("told to stop, it begins no further wave of steps, and gives its lease back", async () => {
    const gx1 = site({ kind: "thing", key: "office", fields: { x: 1 } }, right("dev", "ann"));
    const leases = { gx1: memoryLease() };
    const w = watch({ gx1 }, { leases });
    const { create } = gx1.world.driver;
    let stopped: Promise<void> | undefined;
    gx1.world.driver.create = async (resource) => {
      stopped ??= w.stop(60_000);
      await create(resource);
    };
    await turns();
    await stopped;
    expect(gx1.world.there().map(({ key }) => key)).toEqual(["office"]);
    expect(leases.gx1.held()).toBeUndefined();
    expect(w.told).toMatchObject([["gx1", { kind: "applied", outcome: "stopped" }]]);
  });
});
