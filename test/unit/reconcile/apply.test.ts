import { describe, expect, it } from "vitest";
import { Fault, instant, manualClock, systemRandom } from "../../../src/core/index.ts";
import {
  type Applied,
  applyPlan,
  formatApplied,
  makePlan,
  type Observed,
  type Resource,
  type Step,
} from "../../../src/reconcile/index.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const desired: Resource[] = [
  { kind: "thing", key: "a", fields: { x: 1 } },
  { kind: "thing", key: "b", fields: { x: 1 } },
  { kind: "right", key: "r", fields: { members: ["p"] } },
];

describe("apply", () => {
  it("does the steps wave by wave, tells each one, verifies, and finds nothing to do afterwards", async () => {
    const world = memoryWorld();
    const told: string[] = [];
    const applied = await applyPlan(world.driver, desired, await makePlan(world.driver, desired), {
      onStep: (step: Step, state, index, total) => told.push(`${index + 1}/${total} ${state} ${step.key}`),
    });
    expect(applied.outcome).toBe("applied");
    expect(told).toEqual(["1/3 doing a", "2/3 doing b", "1/3 done a", "2/3 done b", "3/3 doing r", "3/3 done r"]);
    const again = await makePlan(world.driver, desired);
    expect(again.steps).toEqual([]);
    expect(formatApplied(await applyPlan(world.driver, desired, again))).toBe("nothing to do");
  });

  it("stops at the first fault, says what was done and what was not, and a later run completes", async () => {
    const world = memoryWorld();
    world.failAt(1);
    const applied = await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
    expect(formatApplied(applied)).toMatchInlineSnapshot(`
      "stopped: memory: create failed
        done      + thing a
        failed    + thing b (may have taken effect)
        not done  + right r
      Mend the cause and run it again: it carries on from what is there then."
    `);
    world.heal();
    const second = await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
    expect(second).toMatchObject({ outcome: "applied" });
    expect(second.done).toHaveLength(2);
  });

  it("an interruption lets what is under way end, begins nothing more, and gives the lease back", async () => {
    const world = memoryWorld();
    const stop = new AbortController();
    const lease = { holder: "ann", clock: manualClock(instant(0)), random: systemRandom };
    const onStep = (step: Step, state: string) => {
      if (step.key === "a" && state === "doing") stop.abort();
    };
    const options = { lease, onStep, signal: stop.signal, inFlight: 1 };
    const applied = await applyPlan(world.driver, desired, await makePlan(world.driver, desired), options);
    expect(formatApplied(applied)).toMatchInlineSnapshot(`
      "interrupted: 1 step done, 2 not done
        done      + thing a
        not done  + thing b
        not done  + right r
      Run it again: it carries on from what is there then."
    `);
    expect(world.written.map(({ id }) => id)).toEqual(["thing a"]);
    expect(world.lease.held()).toBeUndefined();
    const second = await applyPlan(world.driver, desired, await makePlan(world.driver, desired), { lease });
    expect(second).toMatchObject({ outcome: "applied", done: [{ key: "b" }, { key: "r" }] });
  });

  it("an interruption takes back the intents of what was not begun", async () => {
    const world = memoryWorld();
    const stop = new AbortController();
    const notes = ["n1", "n2"].map((key) => ({ kind: "note", key, fields: {} }));
    const options = { onStep: () => stop.abort(), signal: stop.signal, inFlight: 1 };
    const applied = await applyPlan(world.driver, notes, await makePlan(world.driver, notes), options);
    expect(applied).toMatchObject({ outcome: "interrupted", done: [{ key: "n1" }], left: [{ key: "n2" }] });
    expect((await world.ownership()).intents).toMatchObject([{ key: "n1" }]);
  });

  it("how it ended is told while the lease is held; a fault in that changes nothing", async () => {
    const world = memoryWorld();
    const lease = { holder: "ann", clock: manualClock(instant(0)), random: systemRandom };
    const told: unknown[] = [];
    const onEnd = async ({ outcome }: Applied) => {
      told.push(outcome, world.lease.held()?.holder);
      throw new Fault("memory", "note");
    };
    const options = { lease, onEnd };
    const applied = await applyPlan(world.driver, desired, await makePlan(world.driver, desired), options);
    expect(applied.outcome).toBe("applied");
    expect(told).toEqual(["applied", "ann"]);
  });

  it("refuses a stale plan, naming what moved, and writes nothing", async () => {
    const world = memoryWorld([{ kind: "thing", key: "a", fields: { x: 0 }, owned: true }]);
    const plan = await makePlan(world.driver, desired);
    world.put({ kind: "thing", key: "a", fields: { x: 7 }, owned: true });
    world.put({ kind: "thing", key: "b", fields: {}, owned: false });
    const applied = await applyPlan(world.driver, desired, plan);
    const how = { "thing a": "changed since: x", "thing b": "made since" };
    expect(applied).toEqual({ outcome: "stale", done: [], moved: ["thing a", "thing b"], how });
    expect(formatApplied(applied)).toContain("  thing a: changed since: x\n  thing b: made since\n");
    expect(world.written).toEqual([]);
  });

  it("a stale plan says of what is gone that it is gone, and of what the files change which it is", async () => {
    const world = memoryWorld([
      { kind: "thing", key: "a", fields: { x: 0 }, owned: true },
      { kind: "thing", key: "old", fields: {}, owned: true },
    ]);
    const plan = await makePlan(world.driver, desired);
    world.drop({ kind: "thing", key: "a" });
    world.drop({ kind: "thing", key: "old" });
    expect(await applyPlan(world.driver, desired, plan)).toMatchObject({
      how: { "thing a": "not there any more", "thing old": "not wanted any more, or gone" },
    });
    const other = [...desired.slice(1), { ...(desired[0] as Resource), fields: { x: 2, y: 3 } }];
    world.put({ kind: "thing", key: "a", fields: { x: 0 }, owned: true });
    const before = await makePlan(world.driver, desired);
    const applied = await applyPlan(world.driver, other, before);
    expect(applied).toMatchObject({
      moved: [expect.stringMatching(/^the wanted state \(files, secrets, /), "thing a"],
      how: { "thing a": "changed since: x, y" },
    });
  });

  it("what follows from the world alone is no change of the files", async () => {
    const world = memoryWorld();
    const implied: Resource = { kind: "thing", key: "implied", fields: {}, implied: true };
    const [plain, more] = [await makePlan(world.driver, desired), await makePlan(world.driver, [...desired, implied])];
    expect(more.desired).toBe(plain.desired);
    expect(await applyPlan(world.driver, [...desired, implied], plain)).toMatchObject({
      ...{ outcome: "stale", moved: ["thing implied"] },
      how: { "thing implied": "wanted by now, and not there" },
    });
  });

  it("a list that the product answers in another order does not make a plan stale, whatever becomes of it", async () => {
    const world = memoryWorld();
    const rules = { lists: { "config.*": "unordered", tags: "set" } } as const;
    const driver = { ...world.driver, kinds: kinds.map((rule) => ({ ...rule, ...rules })) };
    const put = (...order: string[]) =>
      ["changed", "unset", "whole"].map((key) =>
        world.put({ kind: "thing", key, fields: { config: { of: order }, tags: order }, owned: true }),
      );
    const wanted: Resource[] = [
      { kind: "thing", key: "changed", fields: { config: { of: ["c", "a"] }, tags: ["c"] } },
      { kind: "thing", key: "unset", fields: { config: { of: null }, tags: null } },
      { kind: "thing", key: "whole", fields: { config: null } },
    ];
    put("a", "b");
    const plan = await makePlan(driver, wanted);
    put("b", "a");
    expect((await makePlan(driver, wanted)).steps).toEqual(plan.steps);
    expect(await applyPlan(driver, wanted, plan)).toMatchObject({ outcome: "applied" });
  });

  it("what the product goes on writing by itself does not make a plan stale that deletes the object", async () => {
    const world = memoryWorld();
    const driver = {
      ...world.driver,
      kinds: kinds.map((rule) => ({ ...rule, productsOwn: { config: (name: string) => name === "lastRead" } })),
    };
    const seen = (config: Observed["fields"]): Observed => ({
      kind: "thing",
      key: "d",
      fields: { config },
      owned: true,
    });
    world.put(seen({ url: "x", lastRead: "1" }));
    const plan = await makePlan(driver, []);
    world.put(seen({ url: "y", lastRead: "1" }));
    expect(await applyPlan(driver, [], plan)).toMatchObject({ outcome: "stale", moved: ["thing d"] });
    world.put(seen({ url: "x", lastRead: "2" }));
    expect(await applyPlan(driver, [], plan)).toMatchObject({ outcome: "applied", done: [{ action: "delete" }] });
  });

  it("a change of fields that we do not declare does not make a plan stale", async () => {
    const world = memoryWorld([{ kind: "thing", key: "a", fields: { x: 0 }, owned: true }]);
    const plan = await makePlan(world.driver, desired);
    world.put({ kind: "thing", key: "a", fields: { x: 0, seenAt: 12 }, owned: true });
    expect(await applyPlan(world.driver, desired, plan)).toMatchObject({ outcome: "applied" });
  });

  it("refuses a plan made from other files, for another driver, or edited by hand", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    const outcomes = [
      await applyPlan(world.driver, desired.slice(1), plan),
      await applyPlan({ ...world.driver, name: "other" }, desired, plan),
      await applyPlan(world.driver, desired, { ...plan, steps: plan.steps.slice(1) }),
    ];
    expect(outcomes.map((o) => o.outcome)).toEqual(["stale", "stale", "stale"]);
    expect(world.written).toEqual([]);
  });

  it("one at a time, when it is told so", async () => {
    const world = memoryWorld();
    await applyPlan(world.driver, desired, await makePlan(world.driver, desired), { inFlight: 1 });
    expect(world.mostInFlight()).toBe(1);
  });

  it("refuses more deletions than are allowed; what is replaced does not count", async () => {
    const there = ["a", "b", "c"].map((key) => ({ kind: "thing", key, fields: { shape: "flat" }, owned: true }));
    const world = memoryWorld(there);
    const wanted = [{ kind: "thing", key: "a", fields: { shape: "round" } }];
    const plan = await makePlan(world.driver, wanted);
    const refused = await applyPlan(world.driver, wanted, plan, { maxDeletes: 1 });
    expect(refused).toEqual({ outcome: "too-many-deletes", done: [], deletes: 2, max: 1 });
    expect(formatApplied(refused)).toContain("nothing done: 2 deletions, more than the 1 that are allowed");
    expect(world.written).toEqual([]);
    expect(await applyPlan(world.driver, wanted, plan, { maxDeletes: 2 })).toMatchObject({ outcome: "applied" });
  });

  it("says when the product did not take what it was told", async () => {
    const world = memoryWorld();
    const deaf = { ...world.driver, create: async () => {} };
    const applied = await applyPlan(deaf, desired, await makePlan(deaf, desired));
    expect(applied.outcome).toBe("unsettled");
    expect(formatApplied(applied)).toContain("Still different");
  });

  it("waits for a product that shows its changes late", async () => {
    const world = memoryWorld();
    let late = 0;
    const slow = { ...world.driver, read: async () => (late-- > 0 ? [] : world.there()) };
    const plan = await makePlan(slow, desired);
    const clock = manualClock(instant(0));
    const settle = { clock, tries: 5, pauseMs: 200 };
    const onStep = () => {
      late = 2;
    };
    expect((await applyPlan(slow, desired, plan, { settle, onStep })).outcome).toBe("applied");
    expect(clock.millis()).toBe(400);
  });

  it("a world that cannot be read back leaves the account of what was done", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, desired);
    let down = false;
    const driver = {
      ...world.driver,
      read: async () => {
        if (down) throw new Fault("memory", "read");
        return world.there();
      },
    };
    const onStep = () => {
      down = true;
    };
    const applied = await applyPlan(driver, desired, plan, { onStep });
    expect(applied).toMatchObject({ outcome: "unverified" });
    expect(applied.done).toHaveLength(3);
    await expect(applyPlan(driver, desired, plan)).rejects.toThrow(Fault);
  });

  it("a bug in a driver is not taken for a fault of the product", async () => {
    const world = memoryWorld();
    const broken = { ...world.driver, create: () => Promise.reject(new TypeError("oops")) };
    const plan = await makePlan(broken, desired);
    await expect(applyPlan(broken, desired, plan)).rejects.toThrow(TypeError);
  });

  it("after a bug nothing further is begun, and what is in flight is waited for", async () => {
    const world = memoryWorld();
    const things = Array.from({ length: 20 }, (_, n) => ({ kind: "thing", key: String(n + 10), fields: {} }));
    const plan = await makePlan(world.driver, things);
    const create = async (resource: Resource) => {
      if (resource.key === "10") throw new TypeError("oops");
      await world.driver.create(resource);
    };
    await expect(applyPlan({ ...world.driver, create }, things, plan)).rejects.toThrow(TypeError);
    expect(world.written.map((w) => w.id)).toEqual(["thing 11", "thing 12", "thing 13"]);
  });
});
