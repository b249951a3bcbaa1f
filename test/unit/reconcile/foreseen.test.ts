import { describe, expect, it } from "vitest";
import {
  applyPlan,
  formatPlan,
  makePlan,
  type Observed,
  planFrom,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const thing = (key: string, x: number): Resource => ({ kind: "thing", key, fields: { x } });
const seen = (key: string, x: number, more: Partial<Observed> = {}): Observed => ({
  ...{ kind: "thing", key, fields: { x }, owned: true },
  ...more,
});

describe("what the product would refuse in the middle of an apply", () => {
  // No two things have one number.
  const driver = {
    name: "memory",
    kinds: kinds.map((rule) => ({
      ...rule,
      refuses: (
        { fields }: Resource,
        { staying, going }: { staying: readonly Observed[]; going: readonly Observed[] },
      ) => {
        const taken = [...staying, ...going].find((o) => o.fields["x"] === fields["x"]);
        return taken && `needs the number of ${taken.key}${going.includes(taken) ? ", which goes" : ""}`;
      },
    })),
  };
  const conflictsOf = (desired: Resource[], observed: Observed[]) => planFrom(driver, desired, observed).conflicts;

  it("is a conflict, for what is made and for what is changed", () => {
    expect(conflictsOf([thing("a", 1)], [seen("theirs", 1, { owned: false })])).toEqual([
      { kind: "thing", key: "a", because: "needs the number of theirs" },
    ]);
    expect(conflictsOf([thing("a", 1)], [seen("a", 2), seen("theirs", 1, { owned: false })])).toHaveLength(1);
  });

  it("may be something of ours that goes, because that goes after all is built", () => {
    expect(conflictsOf([thing("a", 1)], [seen("old", 1)])).toMatchObject([
      { because: "needs the number of old, which goes" },
    ]);
  });

  it("is nothing that is as it should be, and no other wanted thing", () => {
    expect(conflictsOf([thing("a", 1)], [seen("a", 1), seen("theirs", 1, { owned: false })])).toEqual([]);
    expect(conflictsOf([thing("a", 1), thing("b", 1)], [])).toEqual([]);
  });
});

describe("what others made within something of ours that goes", () => {
  const holding = kinds.map((rule) => (rule.kind === "thing" ? { ...rule, keepsOthers: true } : rule));
  const within = (key: string, holder: string, owned: boolean): Observed =>
    seen(key, 0, { owned, dependsOn: [{ kind: "thing", key: holder }] });
  const planOf = (observed: Observed[]) => planFrom({ name: "memory", kinds: holding }, [], observed);

  it("keeps it, and what it is in; the plan says why", () => {
    const plan = planOf([seen("top", 0), within("mid", "top", true), within("theirs", "mid", false)]);
    expect(plan.steps).toEqual([]);
    expect(plan.kept).toEqual(
      expect.arrayContaining([
        { kind: "thing", key: "mid", because: "it holds thing theirs, which we did not make" },
        { kind: "thing", key: "top", because: "it holds thing mid, which stays" },
      ]),
    );
    expect(formatPlan(plan)).toContain("= thing mid is no longer wanted, and stays: it holds thing theirs");
  });

  it("goes with it where all of it is ours, and where its kind does not say so", async () => {
    const ours = planOf([seen("top", 0), within("mid", "top", true)]);
    expect(ours.steps.map(({ key }) => key)).toEqual(["mid", "top"]);
    const world = memoryWorld([seen("top", 0), within("theirs", "top", false)]);
    expect((await applyPlan(world.driver, [], await makePlan(world.driver, []))).done).toHaveLength(1);
  });
});
