import { describe, expect, it } from "vitest";
import { Fault, instant, manualClock, seconds, systemRandom } from "../../../src/core/index.ts";
import { applyPlan, type Driver, makePlan, type Resource } from "../../../src/reconcile/index.ts";
import { memoryWorld } from "./memory-world.ts";

// How an apply ends where the product, or whoever uses us, does not behave.

const desired: Resource[] = [
  { kind: "thing", key: "a", fields: { x: 1 } },
  { kind: "thing", key: "b", fields: { x: 1 } },
];
const clockAt = () => manualClock(instant(0));
const leaseOf = (holder: string) => ({ holder, clock: clockAt(), random: systemRandom });
const oops = () => Promise.reject(new TypeError("oops"));

describe("reading back", () => {
  const settling = async (driver: Driver, tries: number) => {
    const clock = clockAt();
    const plan = await makePlan(driver, desired);
    const applied = await applyPlan(driver, desired, plan, { settle: { clock, tries, pauseMs: 200 } });
    return [applied.outcome, clock.millis()];
  };

  it("ends after as many tries as there are, with a pause between two of them", async () => {
    const deaf = { ...memoryWorld().driver, create: async () => {} };
    expect(await settling(deaf, 1)).toEqual(["unsettled", 0]);
    expect(await settling(deaf, 3)).toEqual(["unsettled", 400]);
  });

  it("is not content with what is as wanted, and somebody else's", async () => {
    const world = memoryWorld();
    let written = false;
    const stolen: Driver = {
      ...world.driver,
      create: async (resource) => {
        written = true;
        await world.driver.create(resource);
      },
      read: async () => world.there().map((o) => ({ ...o, fields: { x: 2 }, owned: !written })),
    };
    expect(await settling(stolen, 1)).toEqual(["unsettled", 0]);
  });

  it("does not take a bug for a product that does not answer", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    let broken = false;
    const read: Driver["read"] = (...of) => (broken ? oops() : world.driver.read(...of));
    const onStep = () => {
      broken = true;
    };
    await expect(applyPlan({ ...world.driver, read }, desired, plan, { onStep })).rejects.toThrow(TypeError);
  });
});

describe("the lease", () => {
  it("is held for repairs, too, and not for a plan that does nothing", async () => {
    const intents = [{ kind: "note", key: "n", action: "create" as const }];
    const world = memoryWorld([{ kind: "note", key: "n", fields: {}, owned: false }], { entries: [], intents });
    const wanted = [{ kind: "note", key: "n", fields: {} }];
    const plan = await makePlan(world.driver, wanted);
    expect([plan.steps.length, plan.repairs]).toEqual([0, 1]);
    const now = instant(0);
    const others = { run: "other", holder: "ben", since: now, until: instant(60) };
    await world.lease.hold(others, now);
    const refused = await applyPlan(world.driver, wanted, plan, { lease: leaseOf("ann") });
    expect(refused).toMatchObject({ outcome: "held", by: others });
    expect((await world.ownership()).intents).toEqual(intents);
    await world.lease.release("other");
    expect(await applyPlan(world.driver, wanted, plan, { lease: leaseOf("ann") })).toMatchObject({
      outcome: "applied",
    });
    expect((await world.ownership()).entries).toMatchObject([{ key: "n", how: "made" }]);
    await world.lease.hold(others, now);
    const idle = await makePlan(world.driver, wanted);
    expect((await applyPlan(world.driver, wanted, idle, { lease: leaseOf("ann") })).outcome).toBe("applied");
  });

  it("is extended before half of it is over, and not before", async () => {
    const world = memoryWorld();
    const lease = { ...leaseOf("ann"), seconds: seconds(100) };
    const seen: unknown[] = [];
    const onStep = (_: unknown, state: string) => {
      if (state === "doing") seen.push(world.lease.held()?.until);
      else lease.clock.advance(seconds(seen.length === 1 ? 49 : 1));
    };
    const things = [...desired, { kind: "thing", key: "c", fields: {} }];
    await applyPlan(world.driver, things, await makePlan(world.driver, things), { lease, onStep, inFlight: 1 });
    expect(seen).toEqual([100, 100, 150]);
  });

  it("is given back after a bug, which is not hidden", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    await expect(applyPlan(world.driver, desired, plan, { lease: leaseOf("ann"), onEnd: oops })).rejects.toThrow(
      TypeError,
    );
    expect(world.lease.held()).toBeUndefined();
  });

  it("that cannot be given back changes nothing", async () => {
    const world = memoryWorld();
    const hold = world.lease.hold;
    const kept = { hold, release: () => Promise.reject(new Fault("memory", "release")) };
    const driver = { ...world.driver, lease: kept };
    const applied = await applyPlan(driver, desired, await makePlan(driver, desired), { lease: leaseOf("ann") });
    expect(applied.outcome).toBe("applied");
  });
});

it("a product without a ledger and without a lease is brought about like any other", async () => {
  const world = memoryWorld();
  const { ownership: _, lease: __, ...bare } = world.driver;
  const options = { lease: leaseOf("ann") };
  expect((await applyPlan(bare, desired, await makePlan(bare, desired), options)).outcome).toBe("applied");
  expect((await applyPlan(bare, desired, await makePlan(bare, desired), options)).outcome).toBe("applied");
});

it("what moved is named in one order", async () => {
  const world = memoryWorld([{ kind: "thing", key: "b", fields: { x: 0 }, owned: true }]);
  const plan = await makePlan(world.driver, desired);
  world.put({ kind: "thing", key: "b", fields: { x: 7 }, owned: true });
  world.put({ kind: "settings", key: "z", fields: {}, owned: true });
  expect(await applyPlan(world.driver, desired, plan)).toMatchObject({ moved: ["settings z", "thing b"] });
});
