import { describe, expect, it } from "vitest";
import {
  applyPlan,
  type Driver,
  formatPlan,
  type Identity,
  identityOf,
  makePlan,
  type Observed,
  type PlanOptions,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { memoryWorld } from "./memory-world.ts";

const now = 0 as PlanOptions["now"];
const box: Resource = { kind: "thing", key: "box", fields: { shape: "round" } };
const inside = (kind: string, key: string, fields: Observed["fields"]): Observed => ({
  ...{ kind, key, fields, owned: false, builtin: true, comesWith: { kind: box.kind, key: box.key } },
});

/** A product that puts more than asked for into every box that it makes; `tells` of it are known before. */
function boxes(brings: readonly Observed[], tells = brings) {
  const world = memoryWorld();
  const isThere = (it: Identity) => world.get(it.kind, it.key) !== undefined;
  const driver: Driver = {
    ...world.driver,
    read: async (desired, scope) => {
      const found = await world.driver.read(desired, { ...scope, all: world.driver.kinds.map((rule) => rule.kind) });
      const makes = desired.some((r) => identityOf(r) === identityOf(box)) && !isThere(box);
      return [...found, ...(makes ? tells.filter((o) => !isThere(o)) : [])];
    },
    create: async (resource) => {
      try {
        await world.driver.create(resource);
      } finally {
        const came = identityOf(resource) === identityOf(box) && isThere(box) ? brings : [];
        for (const { comesWith: _box, ...o } of came) world.put({ ...o, id: `brought ${identityOf(o)}` });
      }
    },
  };
  return { ...world, driver };
}

async function bring(driver: Driver, desired: readonly Resource[], options?: PlanOptions) {
  const plan = await makePlan(driver, desired, options);
  const planning = options === undefined ? {} : { planning: options };
  const applied = await applyPlan(driver, desired, plan, planning);
  const again = await makePlan(driver, desired, options);
  return { plan, said: formatPlan(plan), applied, again };
}

describe("what a product makes by itself along with something", () => {
  const lid = (fields: Observed["fields"]): Resource => ({ kind: "thing", key: "lid", fields });

  it("is changed and not made, and the plan says so before it is there", async () => {
    const { driver, get } = boxes([inside("thing", "lid", { colour: "red", size: 1 })]);
    const { plan, said, applied, again } = await bring(driver, [lid({ colour: "blue" }), box]);
    expect(
      plan.steps.map(({ action, key }) => `${action} ${key}`),
      said,
    ).toEqual(["create box", "adopt lid"]);
    expect(said).toContain('colour: "red" → "blue"');
    expect(applied.outcome).toBe("applied");
    expect(get("thing", "lid")).toMatchObject({ id: "brought thing lid", fields: { colour: "blue", size: 1 } });
    expect(again.steps).toEqual([]);
  });

  it("and cannot be changed to what is wanted is made anew, and nobody is asked to type its name", async () => {
    const { driver, get } = boxes([inside("thing", "lid", { shape: "round" })]);
    const { plan, applied, again } = await bring(driver, [lid({ shape: "square" }), box]);
    expect(plan.steps.map(({ action, key, confirm }) => [action, key, confirm])).toEqual([
      ...[["create", "box", undefined]],
      ...[["delete", "lid", undefined]],
      ...[["create", "lid", undefined]],
    ]);
    expect([applied.outcome, again.steps]).toEqual(["applied", []]);
    expect(get("thing", "lid")?.fields).toEqual({ shape: "square" });
  });

  it("is left alone where it comes as it is wanted", async () => {
    const { driver } = boxes([inside("thing", "lid", { colour: "red" })]);
    const { plan, applied } = await bring(driver, [lid({ colour: "red" }), box]);
    expect(plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual(["create box"]);
    expect([plan.unchanged, applied.outcome]).toEqual([1, "applied"]);
  });

  it("is taken away where the files say that it must not be there, and the product never does it again", async () => {
    const { driver, get } = boxes([inside("thing", "lid", {}), inside("right", "open", { members: ["all"] })]);
    const absent = [
      { kind: "thing", key: "lid" },
      { kind: "right", key: "open" },
    ];
    const { plan, applied, again } = await bring(driver, [box], { now, absent });
    expect(plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual([
      ...["create box", "delete open", "delete lid"],
    ]);
    expect(applied.outcome).toBe("applied");
    expect([get("thing", "lid"), get("right", "open")]).toEqual([undefined, undefined]);
    expect(again.steps).toEqual([]);
  });

  it("keeps rights until it has come: nothing is taken from it before it is there", async () => {
    const { driver, get } = boxes([inside("right", "open", { members: ["all", "we"] })]);
    const open: Resource = { kind: "right", key: "open", fields: { members: ["we", "you"] } };
    const { plan, applied } = await bring(driver, [open, box]);
    expect(plan.steps.map(({ phase, key }) => `${phase} ${key}`)).toEqual(["build box", "build open"]);
    expect(applied.outcome).toBe("applied");
    expect(get("right", "open")?.fields).toEqual({ members: ["we", "you"] });
  });

  it("and does not come after all: the run stops with words, and the next one makes it", async () => {
    const { driver, get } = boxes([], [inside("thing", "lid", { colour: "red" })]);
    const { applied, again } = await bring(driver, [lid({ colour: "blue" }), box]);
    expect(applied).toMatchObject({ outcome: "stopped", fault: { message: expect.stringContaining("new plan") } });
    expect(again.steps.map(({ action, key }) => `${action} ${key}`)).toEqual(["create lid"]);
    expect((await bring(driver, [lid({ colour: "blue" }), box])).applied.outcome).toBe("applied");
    expect(get("thing", "lid")?.fields).toEqual({ colour: "blue" });
  });

  it("is not waited for where what it comes with is not looked at", async () => {
    const { driver } = boxes([inside("thing", "lid", { colour: "red" })]);
    const ignore = [{ kind: "thing", key: "box", path: [], because: "another's" }];
    const plan = await makePlan(driver, [lid({ colour: "blue" }), box], { now, ignore });
    expect(plan.steps.map(({ action, key }) => `${action} ${key}`)).toEqual(["create lid"]);
  });

  it("converges from every point at which a run can die", async () => {
    const brings = [
      inside("thing", "lid", { colour: "red" }),
      inside("thing", "key", {}),
      inside("right", "open", { members: ["all"] }),
    ];
    const desired: Resource[] = [lid({ colour: "blue" }), box, { kind: "note", key: "n", fields: { text: "x" } }];
    const absent = [{ kind: "right", key: "open" }];
    const options: PlanOptions = { now, absent };
    for (let write = 0; ; write++) {
      for (const effect of ["before", "after"] as const) {
        const { driver, dieAt, heal, there, writes } = boxes(brings);
        const plan = await makePlan(driver, desired, options);
        dieAt(write, effect);
        const died = await applyPlan(driver, desired, plan, { planning: options });
        heal();
        const { applied, again } = await bring(driver, desired, options);
        expect([applied.outcome, again.steps], `${write} ${effect}`).toEqual(["applied", []]);
        expect(there().map(identityOf).sort()).toEqual(["note n", "thing box", "thing key", "thing lid"]);
        if (died.outcome === "applied") return expect(writes()).toBeGreaterThan(3);
      }
    }
  });
});

describe("what the product always has", () => {
  it("is taken over as soon as a file wants it otherwise, and is no conflict", async () => {
    const { driver, put } = memoryWorld();
    put({ kind: "thing", key: "own", fields: { x: 1 }, owned: false, builtin: true });
    const { plan, applied } = await bring(driver, [{ kind: "thing", key: "own", fields: { x: 2 } }]);
    expect([plan.steps.map((s) => s.action), plan.conflicts, applied.outcome]).toEqual([["adopt"], [], "applied"]);
  });

  it("goes where the files say that it must not be there, however it is kept", async () => {
    const { driver, put, get } = memoryWorld();
    put({ kind: "archive", key: "old", fields: {}, owned: false, builtin: true });
    const absent = [{ kind: "archive", key: "old" }];
    const { plan, applied } = await bring(driver, [], { now, absent });
    expect([plan.steps.map((s) => [s.action, s.confirm]), applied.outcome]).toEqual([[["delete", true]], "applied"]);
    expect(get("archive", "old")).toBeUndefined();
  });

  it("and must not be there is another wanted state than nothing said", async () => {
    const { driver } = memoryWorld();
    const said = await makePlan(driver, [], { now, absent: [{ kind: "thing", key: "x" }] });
    expect(said.desired).not.toBe((await makePlan(driver, [], { now })).desired);
  });
});
