import { describe, expect, test } from "vitest";
import { Fault, systemClock, systemRandom } from "../../../src/core/index.ts";
import { applyPlans, type MadePlan, type Progress } from "../../../src/operations/index.ts";
import { obstacleTo } from "../../../src/operations/plans/apply.ts";
import { makePlans } from "../../../src/operations/plans/plan-source.ts";
import { withSavedPlans } from "../../../src/operations/plans/saved.ts";
import { type Applied, type Plan, type Step, savePlans } from "../../../src/reconcile/index.ts";
import { plan, step } from "../../support/plan.ts";

// Planning and applying without a terminal. What the commands show of it is in test/unit/cli/operator.test.ts.

const actor = { kind: "operator", name: "ann at console-1" } as const;
const done: Applied = { outcome: "applied", done: [] };

function world() {
  const told: Progress[] = [];
  const aborter = new AbortController();
  const deps = {
    clock: systemClock,
    random: systemRandom,
    listener: (it: Progress) => void told.push(it),
    signal: aborter.signal,
  };
  return { told, aborter, deps };
}
const made = (name: string, steps: readonly Step[], apply: MadePlan["apply"] = async () => done): MadePlan => ({
  name,
  plan: plan(steps, { driver: name }),
  apply,
});

describe("applying plans", () => {
  test("tells each step that is done and how each plan ended, and holds the lease as the actor", async () => {
    const { told, deps } = world();
    const holders: string[] = [];
    const gx1 = made("cloud gx1", [step("cp.a")], async ({ onStep, lease }) => {
      holders.push(lease.holder);
      onStep(step("cp.a"), "doing", 0, 1);
      onStep(step("cp.a"), "done", 0, 1);
      return done;
    });
    expect(await applyPlans({ made: [gx1] }, deps, actor)).toEqual({
      ended: [{ name: "cloud gx1", applied: done }],
      notBegun: [],
    });
    expect(holders).toEqual(["ann at console-1"]);
    expect(told).toEqual([
      { kind: "step", of: "cloud gx1", step: step("cp.a"), index: 0, total: 1 },
      { kind: "applied", of: "cloud gx1", applied: done },
    ]);
  });

  test("begins none after one that did not end as planned", async () => {
    const stale: Applied = { outcome: "stale", done: [], moved: ["group cp.a"] };
    const things = [made("cloud gx1", [step("cp.a")], async () => stale), made("cloud gx2", [step("cp.a")])];
    const { ended, notBegun } = await applyPlans({ made: things }, world().deps, actor);
    expect(ended.map(({ applied }) => applied.outcome)).toEqual(["stale"]);
    expect(notBegun).toEqual(["cloud gx2"]);
  });

  test("answers what was done before a server fell silent, and which one it was", async () => {
    const fault = new Fault("keystone gx2", "log in");
    const things = [
      made("cloud gx1", [step("cp.a")]),
      made("cloud gx2", [step("cp.a")], () => Promise.reject(fault)),
      made("cloud gx3", [step("cp.a")]),
    ];
    expect(await applyPlans({ made: things }, world().deps, actor)).toEqual({
      ended: [{ name: "cloud gx1", applied: done }],
      notBegun: ["cloud gx2", "cloud gx3"],
      unanswered: { name: "cloud gx2", fault },
    });
  });

  test("a bug is no silence: it is thrown", async () => {
    const gx1 = made("cloud gx1", [step("cp.a")], () => Promise.reject(new TypeError("a bug")));
    await expect(applyPlans({ made: [gx1] }, world().deps, actor)).rejects.toThrow("a bug");
  });

  test("after an end is asked for nothing is begun", async () => {
    const { deps, aborter } = world();
    const gx1 = made("cloud gx1", [step("cp.a")], async () => {
      aborter.abort();
      return done;
    });
    const { ended, notBegun } = await applyPlans({ made: [gx1, made("cloud gx2", [step("cp.a")])] }, deps, actor);
    expect([ended.length, notBegun]).toEqual([1, ["cloud gx2"]]);
  });

  test("what has nothing to do is left alone, notes of an interrupted run are not", async () => {
    const applied: string[] = [];
    const thing = (name: string, more: Partial<Plan>): MadePlan => ({
      name,
      plan: plan([], more),
      apply: async () => {
        applied.push(name);
        return done;
      },
    });
    await applyPlans({ made: [thing("idle", {}), thing("interrupted", { repairs: 1 })] }, world().deps, actor);
    expect(applied).toEqual(["interrupted"]);
  });
});

describe("what stands in the way of plans", () => {
  const removals = [step("a", { action: "delete" }), step("b", { action: "delete" })];

  test("one conflict stops all", () => {
    const inTheWay = plan([], { conflicts: [{ kind: "group", key: "cp.a", because: "is not ours" }] });
    expect(obstacleTo([made("cloud gx1", [step("cp.a")]), { plan: inTheWay }], 10)).toBe("conflict");
  });

  test.each([
    [1, "too many deletions"],
    [2, undefined],
    [undefined, undefined],
  ])("two deletions where %s are allowed: %s", (most, obstacle) => {
    expect(obstacleTo([made("realm r", removals)], most)).toBe(obstacle);
  });
});

describe("plans of a file", () => {
  const fresh = [made("cloud gx1", [step("now")]), made("cloud gx2", [step("now")])];
  const saved = (...plans: Plan[]) => ({ file: "plan.json", text: savePlans(plans) });

  test("take the place of those just made; what the file does not name is left alone", () => {
    const then = plan([step("then")], { driver: "cloud gx1" });
    expect(withSavedPlans(fresh, saved(then)).map((it) => [it.name, it.plan])).toEqual([["cloud gx1", then]]);
  });

  test("say who loses something as it is now, not as it was then", () => {
    const then = plan([step("cp.a")], { remarks: ["2 people lose it"] });
    const remarked = (...remarks: string[]) => [
      { ...made("cloud gx1", []), plan: plan([step("cp.a")], remarks.length > 0 ? { remarks } : {}) },
    ];
    const file = { file: "plan.json", text: savePlans([then]) };
    expect(withSavedPlans(remarked("3 people lose it"), file)[0]?.plan.remarks).toEqual(["3 people lose it"]);
    expect(withSavedPlans(remarked(), file)[0]?.plan).not.toHaveProperty("remarks");
  });

  test("of something else are refused, and so is a file that is none", () => {
    expect(() => withSavedPlans(fresh, saved(plan([], { driver: "cloud gx9" })))).toThrow("a plan for cloud gx9");
    expect(() => withSavedPlans(fresh, { file: "plan.json", text: "{}" })).toThrow("is not a plan of version 1");
  });
});

test("making plans tells what is read, and ends with the first that cannot be", async () => {
  const told: Progress[] = [];
  const plans = makePlans(
    [
      { name: "realm a", plan: async () => ({ plan: plan([]), apply: async () => done }) },
      { name: "realm b", plan: () => Promise.reject(new Fault("keycloak", "read realm b")) },
      { name: "realm c", plan: async () => ({ plan: plan([]), apply: async () => done }) },
    ],
    (it) => void told.push(it),
  );
  await expect(plans).rejects.toThrow("keycloak: read realm b failed");
  expect(told.map((it) => "what" in it && it.what)).toEqual(["realm a", "realm b"]);
});
