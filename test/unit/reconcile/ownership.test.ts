import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, instant, Secret } from "../../../src/core/index.ts";
import {
  applyPlan,
  type Driver,
  formatPlan,
  identityOf,
  type Mode,
  makePlan,
  type Observed,
  type PlanOptions,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { desiredState, observedState } from "./arbitrary-worlds.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const now = instant(1_800_000_000);
const bring = async (driver: Driver, desired: readonly Resource[], planning: PlanOptions = { now }) =>
  applyPlan(driver, desired, await makePlan(driver, desired, planning), { planning });
const all = (mode: Mode): PlanOptions => ({
  now,
  manage: Object.fromEntries(kinds.map(({ kind }) => [kind, { mode }])),
});
const thing = (key: string, fields: Resource["fields"] = {}): Resource => ({ kind: "thing", key, fields });
const note = (key: string, fields: Resource["fields"] = {}): Resource => ({ kind: "note", key, fields });
const foreign = (r: Resource): Observed => ({ kind: r.kind, key: r.key, fields: r.fields, owned: false });

describe("adopt", () => {
  it("takes over what somebody else made, says so, and does not delete it when it is no longer wanted", async () => {
    const world = memoryWorld([foreign(thing("a", { x: 1 }))]);
    const planning: PlanOptions = { now, manage: { thing: { mode: "adopt" } } };
    const plan = await makePlan(world.driver, [thing("a", { x: 2 })], planning);
    expect(formatPlan(plan)).toBe("memory: 1 to take over\n  @ thing a (taken over)\n      x: 1 → 2");
    await applyPlan(world.driver, [thing("a", { x: 2 })], plan, { planning });
    expect(world.get("thing", "a")).toMatchObject({ fields: { x: 2 }, owned: true });
    expect((await makePlan(world.driver, [thing("a", { x: 3 })])).steps).toMatchObject([{ action: "update" }]);
    const gone = await makePlan(world.driver, []);
    expect(gone.steps).toEqual([]);
    expect(formatPlan(gone)).toContain(
      "= thing a is no longer wanted, and stays: we took it over, and did not make it",
    );
  });

  it("takes over only what `only` names, and what belongs to that", async () => {
    const world = memoryWorld([
      foreign(thing("a")),
      foreign({ ...thing("a part"), key: ["a", "part"] }),
      foreign(thing("ab")),
    ]);
    const planning: PlanOptions = { now, manage: { thing: { mode: "adopt", only: ["a"] } } };
    const plan = await makePlan(
      world.driver,
      ["a", ["a", "part"], "ab"].map((key) => ({ ...thing("", { x: 1 }), key })),
      planning,
    );
    expect(plan.steps.map(identityOf)).toEqual(["thing a", "thing a part"]);
    expect(plan.conflicts.map(identityOf)).toEqual(["thing ab"]);
  });

  it("is a conflict where there is no ownership record to keep it in, and where the object would have to be made anew", async () => {
    const world = memoryWorld([foreign(thing("a", { shape: "flat" }))]);
    const { ownership: _ownership, ...without } = world.driver;
    expect((await makePlan(without, [thing("a", { x: 1 })], all("adopt"))).conflicts).toHaveLength(1);
    expect((await makePlan(world.driver, [thing("a", { shape: "round" })], all("adopt"))).conflicts).toHaveLength(1);
  });

  it("for any world: with what was read, there is nothing to do, and nothing of it is ever deleted", () =>
    fc.assert(
      fc.asyncProperty(observedState, async (observed) => {
        const world = memoryWorld(observed.map((o) => ({ ...o, owned: false })));
        const imported = world.there().map(({ kind, key, fields }): Resource => ({ kind, key, fields }));
        const plan = await makePlan(world.driver, imported, all("adopt"));
        expect([plan.steps, plan.conflicts, plan.unchanged]).toEqual([[], [], imported.length]);
        await bring(world.driver, [], all("adopt"));
        expect(world.there()).toHaveLength(imported.length);
      }),
    ));

  it("for any world and any wish: no object that was there before us is ever deleted", () =>
    fc.assert(
      fc.asyncProperty(desiredState, observedState, async (desired, observed) => {
        const world = memoryWorld(observed.map((o) => ({ ...o, owned: false })));
        await bring(world.driver, desired, all("adopt"));
        await bring(world.driver, [], all("adopt"));
        await bring(world.driver, []);
        expect(world.there().map(identityOf)).toEqual(expect.arrayContaining(observed.map(identityOf)));
      }),
    ));
});

describe("exclusive", () => {
  it("for any world: afterwards there is what is wanted, what everybody owns, and what came with the product", () =>
    fc.assert(
      fc.asyncProperty(desiredState, observedState, fc.nat(9), async (desired, observed, n) => {
        const builtin = observed[n];
        const world = memoryWorld(observed.map((o) => (o === builtin ? { ...o, owned: false, builtin: true } : o)));
        const plan = await makePlan(world.driver, desired, all("exclusive"));
        if (plan.conflicts.length > 0) return;
        await applyPlan(world.driver, desired, plan, { planning: all("exclusive") });
        const stays = (o: Observed) =>
          o.kind === "archive" ||
          (o.kind === "settings" && !o.owned) ||
          identityOf(o) === (builtin && identityOf(builtin));
        const expected = new Set([...desired, ...observed.filter(stays)].map(identityOf));
        expect(new Set(world.there().map(identityOf))).toEqual(expected);
      }),
    ));
});

describe("ignore", () => {
  it("for any world: nothing of an ignored kind is touched, wanted or not, ours or not", () =>
    fc.assert(
      fc.asyncProperty(desiredState, observedState, async (desired, observed) => {
        const world = memoryWorld(observed);
        await bring(world.driver, desired, { now, manage: { thing: { mode: "ignore" }, note: { mode: "ignore" } } });
        const of = (list: readonly Observed[]) => list.filter((o) => o.kind === "thing" || o.kind === "note");
        expect(of(world.there())).toMatchObject(of(observed));
      }),
    ));

  const at = (path: readonly string[], until?: Instant): PlanOptions => ({
    now,
    ignore: [{ kind: "thing", key: "a", path, because: "an upgrade changes it", ...(until && { until }) }],
  });

  it("a field that is ignored is neither compared nor written; the rest is, and a new object gets it", async () => {
    const world = memoryWorld([{ ...foreign(thing("a", { x: 1, config: { y: 1, z: 1 } })), owned: true }]);
    const wanted = [thing("a", { x: 2, config: { y: 2, z: 2 } })];
    await bring(world.driver, wanted, at(["config", "y"]));
    expect(world.get("thing", "a")?.fields).toEqual({ x: 2, config: { y: 1, z: 2 } });
    const empty = memoryWorld();
    await bring(empty.driver, wanted, at(["config", "y"]));
    expect(empty.get("thing", "a")?.fields).toEqual({ x: 2, config: { y: 2, z: 2 } });
  });

  it("a secret that is ignored is neither compared nor sent", async () => {
    const secrets = { pass: { value: new Secret("hunter2"), fingerprint: "new" } };
    const world = memoryWorld([{ ...foreign(thing("a", { x: 1 })), owned: true, fingerprints: { pass: "old" } }]);
    const sent: (readonly string[])[] = [];
    const driver: Driver = {
      ...world.driver,
      update: async (resource) => void sent.push(Object.keys(resource.secrets ?? {})),
    };
    expect((await makePlan(driver, [{ ...thing("a", { x: 1 }), secrets }], at(["pass"]))).steps).toEqual([]);
    await bring(driver, [{ ...thing("a", { x: 2 }), secrets }], at(["pass"]));
    expect(sent).toEqual([[]]);
  });

  it("a whole object that is ignored is left alone and counted", async () => {
    const world = memoryWorld([foreign(thing("a", { x: 1 }))]);
    const plan = await makePlan(world.driver, [thing("a", { x: 2 })], at([]));
    expect([plan.steps, plan.conflicts, plan.ignored]).toEqual([[], [], 1]);
  });

  it("an exception that has outlived its end is a conflict that names the day", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, [thing("a")], at(["x"], instant(now - 1)));
    expect(plan.conflicts[0]?.because).toBe(
      "is ignored at x until 2027-01-15T07:59:59Z, which is over: renew that or remove it",
    );
    expect((await makePlan(world.driver, [thing("a")], at(["x"], instant(now + 1)))).conflicts).toEqual([]);
  });

  it("another way to keep a kind makes a plan stale", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, [thing("a")], { now });
    const planning = { now, manage: { thing: { mode: "adopt" } } } as const;
    expect(await applyPlan(world.driver, [thing("a")], plan, { planning })).toMatchObject({ outcome: "stale" });
  });
});

describe("what is no longer wanted", () => {
  const mine = { ...foreign(thing("a")), owned: true };

  it("stays where it is protected, and the plan says so", async () => {
    const plan = await makePlan(memoryWorld([mine]).driver, [], {
      now,
      manage: { thing: { mode: "own", prune: "never" } },
    });
    expect(formatPlan(plan)).toContain("= thing a is no longer wanted, and stays: it is protected");
  });

  it("needs its name typed where the file or the kind says so", async () => {
    const manage = { thing: { mode: "own", prune: "confirm" } } as const;
    const plan = await makePlan(memoryWorld([mine]).driver, [], { now, manage });
    expect(plan.steps).toMatchObject([{ action: "delete", confirm: true }]);
    expect((await makePlan(memoryWorld([mine]).driver, [])).steps[0]?.confirm).toBeUndefined();
  });
});

describe("ownership records", () => {
  it("knows what we made without a marker, and deletes exactly that", async () => {
    const world = memoryWorld([foreign(note("by-hand"))]);
    await bring(world.driver, [note("ours")]);
    expect(await world.ownership()).toEqual({
      entries: [{ kind: "note", key: "ours", id: "made-0", how: "made" }],
      intents: [],
    });
    await bring(world.driver, []);
    expect(world.there().map((o) => o.key)).toEqual(["by-hand"]);
    expect(await world.ownership()).toEqual({ entries: [], intents: [] });
  });

  it("an object that somebody deleted and made again under our name is not ours", async () => {
    const world = memoryWorld();
    await bring(world.driver, [note("a")]);
    world.put({ ...foreign(note("a")), id: "by-hand" });
    const plan = await makePlan(world.driver, []);
    expect(plan.steps).toEqual([]);
    expect(plan.repairs).toBe(1);
    expect((await makePlan(world.driver, [note("a")])).conflicts).toHaveLength(1);
  });

  it("a creation that was refused because somebody was quicker leaves no claim on their object", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, [note("a")]);
    const read = world.driver.read;
    let reads = 0;
    // Between our reading and our request, somebody makes it.
    const raced: Driver = {
      ...world.driver,
      read: async (...args) => {
        const seen = await read(...args);
        if (reads++ === 0) world.put({ ...foreign(note("a")), id: "by-hand" });
        return seen;
      },
    };
    expect(await applyPlan(raced, [note("a")], plan)).toMatchObject({ outcome: "stopped" });
    expect((await makePlan(world.driver, [note("a")])).conflicts).toHaveLength(1);
    expect((await makePlan(world.driver, [])).steps).toEqual([]);
  });

  it("the plan tells of an interrupted run, and an apply with nothing else to do puts it right", async () => {
    const world = memoryWorld();
    world.dieAt(1, "after");
    expect(await bring(world.driver, [note("a")])).toMatchObject({ outcome: "stopped" });
    world.heal();
    const plan = await makePlan(world.driver, [note("a")]);
    expect([plan.steps, plan.repairs]).toEqual([[], 1]);
    expect(formatPlan(plan)).toContain("an interrupted run left 1 note to be put right");
    await applyPlan(world.driver, [note("a")], plan);
    expect((await makePlan(world.driver, [note("a")])).repairs).toBe(0);
  });
});
