import { describe, expect, it } from "vitest";
import { type Instant, instant, manualClock, type Seconds, systemRandom } from "../../src/core/index.ts";
import { applyPlan, formatApplied, type Lease, makePlan, type Resource } from "../../src/reconcile/index.ts";
import { memoryWorld } from "../unit/reconcile/memory-world.ts";

const desired: Resource[] = ["a", "b", "c"].map((key) => ({ kind: "thing", key, fields: { x: 1 } }));
const start = instant(1_800_000_000);
const seconds = 60 as Seconds;
const leaseOf = (holder: string, clock = manualClock(start)) => ({ holder, clock, random: systemRandom, seconds });
const right: Resource = { kind: "right", key: "r", fields: { members: ["p"] } };

describe("S-62: two appliers at once", () => {
  it("the second is told who is at work and since when, and does nothing", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    let second: Awaited<ReturnType<typeof applyPlan>> | undefined;
    const first = await applyPlan(
      {
        ...world.driver,
        create: async (resource) => {
          second ??= await applyPlan(world.driver, desired, plan, { lease: leaseOf("ines at desk") });
          await world.driver.create(resource);
        },
      },
      desired,
      plan,
      { lease: leaseOf("tom at build-7"), inFlight: 1 },
    );
    expect(first.outcome).toBe("applied");
    expect(second).toMatchObject({ outcome: "held", done: [], by: { holder: "tom at build-7", since: start } });
    expect(second && formatApplied(second)).toBe(
      "nothing done: tom at build-7 has been applying since 2027-01-15T08:00:00Z.\n" +
        "Wait for it to end; if it died, its lease is over at 2027-01-15T08:01:00Z.",
    );
    expect(world.written).toHaveLength(3);
  });

  it("the lease is given back at the end, whatever the end was", async () => {
    const world = memoryWorld();
    await applyPlan(world.driver, desired, await makePlan(world.driver, desired), { lease: leaseOf("tom") });
    expect(world.lease.held()).toBeUndefined();
    const more = [...desired, right];
    const plan = await makePlan(world.driver, more);
    world.failAt(1);
    expect(await applyPlan(world.driver, more, plan, { lease: leaseOf("tom") })).toMatchObject({ outcome: "stopped" });
    expect(world.lease.held()).toBeUndefined();
  });

  it("an applier that died holds up nobody for longer than its lease", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    world.dieAt(2, "before");
    await applyPlan(world.driver, desired, plan, { lease: leaseOf("dead") });
    world.heal();
    const clock = manualClock(start);
    const again = await makePlan(world.driver, desired);
    clock.advance(59 as Seconds);
    expect(await applyPlan(world.driver, desired, again, { lease: leaseOf("ines", clock) })).toMatchObject({
      outcome: "held",
    });
    clock.advance(1 as Seconds);
    expect(await applyPlan(world.driver, desired, again, { lease: leaseOf("ines", clock) })).toMatchObject({
      outcome: "applied",
    });
  });

  it("a long run extends its lease while nothing is in flight, and stays the only one", async () => {
    const world = memoryWorld();
    const clock = manualClock(start);
    const plan = await makePlan(world.driver, desired);
    const refused: string[] = [];
    const slow = {
      ...world.driver,
      create: async (resource: Resource) => {
        clock.advance(40 as Seconds);
        refused.push((await applyPlan(world.driver, desired, plan, { lease: leaseOf("other", clock) })).outcome);
        await world.driver.create(resource);
      },
    };
    const applied = await applyPlan(slow, desired, plan, { lease: leaseOf("slow", clock), inFlight: 1 });
    expect(applied.outcome).toBe("applied");
    expect(refused).toEqual(["held", "held", "held"]);
  });

  it("an applier that slept beyond its lease finds it taken, and stops before it writes anything more", async () => {
    const world = memoryWorld();
    const clock = manualClock(start);
    const wanted = [...desired, right];
    const plan = await makePlan(world.driver, wanted);
    const sleepy = {
      ...world.driver,
      create: async (resource: Resource) => {
        await world.driver.create(resource);
        if (resource.key !== "a") return;
        clock.advance(61 as Seconds);
        await world.lease.hold(
          { run: "other", holder: "ines", since: clock.now(), until: instant(clock.now() + 60) },
          clock.now(),
        );
      },
    };
    const applied = await applyPlan(sleepy, wanted, plan, { lease: leaseOf("sleepy", clock), inFlight: 1 });
    expect(applied).toMatchObject({ outcome: "stopped", failed: [], done: [{ key: "a" }] });
    expect(formatApplied(applied)).toContain("ines has taken it over");
    expect(world.written).toHaveLength(1);
    expect(world.lease.held()?.holder).toBe("ines");
  });

  it("two who begin before there is a place for a lease: the first thing that is made is one, and the slower stops there", async () => {
    const world = memoryWorld();
    const clock = manualClock(start);
    const wanted = [{ kind: "settings", key: "realm", fields: { x: 1 } }, ...desired];
    const plan = await makePlan(world.driver, wanted);
    const rival = { run: "rival", holder: "ines", since: start, until: instant(start + 60) };
    const homeless = {
      ...world.driver,
      lease: {
        hold: async (note: Lease, now: Instant) => (world.there().length === 0 ? note : world.lease.hold(note, now)),
        release: world.lease.release,
      },
      create: async (resource: Resource) => {
        await world.driver.create(resource);
        if (resource.kind === "settings") await world.lease.hold(rival, start);
      },
    };
    const applied = await applyPlan(homeless, wanted, plan, { lease: leaseOf("tom", clock) });
    expect(applied).toMatchObject({ outcome: "stopped", done: [{ key: "realm" }], failed: [] });
    expect(world.there()).toHaveLength(1);
  });

  it("looking and a second apply with nothing to do need no lease", async () => {
    const world = memoryWorld();
    await applyPlan(world.driver, desired, await makePlan(world.driver, desired), { lease: leaseOf("tom") });
    const before = world.writes();
    await applyPlan(world.driver, desired, await makePlan(world.driver, desired), { lease: leaseOf("tom") });
    expect(world.writes()).toBe(before);
  });
});
