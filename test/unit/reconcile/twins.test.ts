import { describe, expect, it } from "vitest";
import { type Observed, planFrom, type Resource } from "../../../src/reconcile/index.ts";
import { kinds } from "./memory-world.ts";

const driver = { name: "memory", kinds };
const wanted: Resource = { kind: "thing", key: "a", fields: { x: 2 } };
const one = (id: string, owned: boolean, x = 1): Observed => ({ kind: "thing", key: "a", id, fields: { x }, owned });

describe("two that stand under one name", () => {
  it("are a conflict that says what to do, where nothing tells them apart, and never a fault of ours", () => {
    for (const twins of [
      [one("1", false), one("2", false)],
      [one("1", true), one("2", true)],
    ]) {
      const plan = planFrom(driver, [wanted], twins);
      expect(plan.steps).toEqual([]);
      expect(plan.conflicts).toEqual([
        { kind: "thing", key: "a", because: "is there more than once under this name: rename or remove all but one" },
      ]);
    }
  });

  it("are told apart where one is ours: that one is meant, and the other is left alone", () => {
    const plan = planFrom(driver, [wanted], [one("theirs", false, 7), one("ours", true)]);
    expect(plan.steps.map(({ action, changes }) => [action, changes])).toEqual([
      ["update", [{ path: ["x"], from: 1, to: 2 }]],
    ]);
    expect(plan.conflicts).toEqual([]);
  });

  it("are not touched when nobody wants them", () => {
    const manage = { thing: { mode: "exclusive" } } as const;
    const now = 0 as never;
    expect(planFrom(driver, [], [one("1", true), one("2", true)], { manage, now }).steps).toEqual([]);
    const single = planFrom(driver, [], [one("1", true), one("2", false)], { now });
    expect(single.steps.map((s) => s.action)).toEqual(["delete"]);
  });
});
