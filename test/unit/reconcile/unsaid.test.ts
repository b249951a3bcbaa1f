import { describe, expect, it } from "vitest";
import { instant, Secret } from "../../../src/core/index.ts";
import {
  applyPlan,
  type Driver,
  formatPlan,
  type KindRule,
  makePlan,
  type Observed,
  type PlainMap,
  type PlanOptions,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const now = instant(1_800_000_000);

/** What a new object has: a size, a colour among its attributes, and no other attribute; `stamp` is the product's own. */
const unsaid = ({ fields }: Observed): PlainMap => {
  const attributes = Object.fromEntries(Object.keys((fields["attributes"] ?? {}) as PlainMap).map((n) => [n, null]));
  return { size: 3, text: null, tags: [], attributes: { ...attributes, colour: "red" } };
};
const rules: readonly KindRule[] = kinds.map((rule) =>
  rule.kind === "thing" || rule.kind === "settings" ? { ...rule, unsaid } : rule,
);

/** A world whose things and settings have defaults; everything in it is seen. */
function worldOf(...start: readonly Observed[]) {
  const world = memoryWorld(start);
  const driver: Driver = { ...world.driver, kinds: rules, read: async () => world.there() };
  const plan = (desired: readonly Resource[], planning: PlanOptions = { now }) => makePlan(driver, desired, planning);
  const bring = async (desired: readonly Resource[], planning: PlanOptions = { now }) => {
    const made = await plan(desired, planning);
    expect(await applyPlan(driver, desired, made, { planning })).toMatchObject({ outcome: "applied" });
    expect((await plan(desired, planning)).steps).toEqual([]);
    return made;
  };
  return { ...world, driver, plan, bring };
}
const thing = (fields: PlainMap): Resource => ({ kind: "thing", key: "a", fields });
const settings = (fields: PlainMap): Resource => ({ kind: "settings", key: "all", fields });
const shared = (fields: PlainMap, whole?: boolean): Observed => ({
  ...{ kind: "settings", key: "all", fields, owned: false, ...(whole !== undefined && { whole }) },
});

describe("an object of ours", () => {
  it("goes back to what a new one has in whatever the wanted one does not say, and the plan shows it", async () => {
    const world = worldOf();
    const before = { size: 9, text: "x", stamp: 1, tags: ["t"], attributes: { colour: "blue", extra: "e", kept: "k" } };
    await world.bring([thing(before)]);
    const plan = await world.bring([thing({ attributes: { kept: "k" } })]);
    expect(formatPlan(plan).split("\n").slice(2)).toEqual([
      '      attributes.colour: "blue" → "red"',
      '      attributes.extra: "e" → (unset)',
      "      size: 9 → 3",
      "      tags:",
      '        - "t"',
      '      text: "x" → (unset)',
    ]);
    expect(world.get("thing", "a")?.fields).toMatchObject({
      size: 3,
      stamp: 1,
      attributes: { colour: "red", kept: "k" },
    });
  });

  it("is not asked for what the product does not answer: an older one may not know it", async () => {
    const world = worldOf({ ...thing({ attributes: {} }), owned: true });
    expect((await world.plan([thing({})])).steps).toEqual([]);
  });

  it("keeps what is ignored, and what is a secret", async () => {
    const world = worldOf({ ...thing({ size: 9, attributes: { extra: "e", token: "**" } }), owned: true });
    const secrets = { token: { value: new Secret("s"), at: ["attributes", "token"] } };
    const because = { kind: "thing", key: "a", because: "they say so" };
    const ignore = [
      { ...because, path: ["size"] },
      { ...because, path: ["attributes", "extra"] },
    ];
    expect((await world.plan([{ ...thing({}), secrets }], { now, ignore })).steps).toEqual([]);
  });

  it("is not one that we only took over", async () => {
    const world = worldOf({ ...thing({ size: 9, text: "theirs" }), owned: false });
    await world.bring([thing({ text: "ours" })], { now, manage: { thing: { mode: "adopt" } } });
    expect((await world.plan([thing({})])).steps).toEqual([]);
  });
});

describe("what belongs to everybody", () => {
  it("is compared in what is said, and goes back in what we wrote when that is not said any more", async () => {
    const world = worldOf(shared({ size: 7, text: "theirs", attributes: { mine: "m" } }));
    await world.bring([settings({ size: 9, attributes: { ours: "o" } })]);
    expect((await world.ownership()).written).toEqual([
      { kind: "settings", key: "all", paths: [["attributes", "ours"], ["size"]] },
    ]);
    const plan = await world.bring([settings({ size: 9 })]);
    expect(formatPlan(plan)).toContain('attributes.ours: "o" → (unset)');
    expect((await world.ownership()).written).toEqual([{ kind: "settings", key: "all", paths: [["size"]] }]);
    await world.bring([]);
    expect(world.get("settings", "all")?.fields).toEqual({ size: 3, text: "theirs", attributes: { mine: "m" } });
    expect(await world.ownership()).toEqual({ entries: [], intents: [] });
  });

  it("is ours as a whole where its place is ours, also when nothing of it is wanted", async () => {
    const world = worldOf(shared({ size: 7, text: "by hand" }, true));
    expect((await world.plan([])).steps).toMatchObject([
      { action: "update", kind: "settings", changes: { length: 2 } },
    ]);
    await world.bring([settings({ text: "by hand" })]);
    expect(world.get("settings", "all")?.fields).toEqual({ size: 3, text: "by hand" });
    expect((await world.ownership()).written).toBeUndefined();
  });

  it("goes as a whole, and is not emptied first, where it is ours and may go", async () => {
    const world = worldOf({ ...shared({ size: 7 }, true), owned: true });
    const plan = await world.bring([]);
    expect(plan.steps).toMatchObject([{ action: "delete", kind: "settings" }]);
    expect(world.get("settings", "all")).toBeUndefined();
  });

  it("stays as it is when we leave, where it is protected, and where its kind is not looked at", async () => {
    const world = worldOf(shared({ size: 7 }, true));
    for (const more of [
      { leaving: true },
      { manage: { settings: { mode: "own", prune: "never" } } },
      { manage: { settings: { mode: "ignore" } } },
    ] as const)
      expect((await world.plan([], { now, ...more })).steps).toEqual([]);
  });

  it("is taken back by the next run when one died between the note and the write", async () => {
    const world = worldOf(shared({ size: 7 }));
    const planning = { now };
    world.dieAt(1, "after");
    await applyPlan(world.driver, [settings({ size: 9 })], await world.plan([settings({ size: 9 })]), { planning });
    world.heal();
    await world.bring([]);
    expect(world.get("settings", "all")?.fields).toEqual({ size: 3 });
  });
});

describe("a map that says something by being there", () => {
  const rule = rules.map((r) =>
    r.kind === "thing" ? { ...r, present: ([first]: readonly string[]) => first === "must" } : r,
  );
  it("is wanted when it is empty, too", async () => {
    const world = worldOf({ ...thing({}), owned: true });
    const driver = { ...world.driver, kinds: rule };
    expect((await makePlan(driver, [thing({ must: {}, attributes: {} })])).steps).toMatchObject([
      { changes: [{ path: ["must"], to: {} }] },
    ]);
  });
});
