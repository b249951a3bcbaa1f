import { describe, expect, it } from "vitest";
import { Bug, Secret } from "../../../src/core/index.ts";
import {
  applyPlan,
  formatPlan,
  formatPlansShortly,
  makePlan,
  type Observed,
  planFrom,
  type Resource,
  readPlans,
  savePlans,
} from "../../../src/reconcile/index.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const driver = { name: "memory", kinds };
const thing = (key: string, fields: Resource["fields"], more: Partial<Resource> = {}): Resource => ({
  kind: "thing",
  key,
  fields,
  ...more,
});
const seen = (kind: string, key: string, fields: Observed["fields"], owned = true): Observed => ({
  kind,
  key,
  fields,
  owned,
});

describe("diff", () => {
  it("only declared fields are compared", () => {
    const plan = planFrom(driver, [thing("a", { x: 1 })], [seen("thing", "a", { x: 1, y: "by the server" })]);
    expect(plan.steps).toEqual([]);
    expect(plan.unchanged).toBe(1);
  });

  it("declared fields of maps are compared to any depth, undeclared ones are not", () => {
    const plan = planFrom(
      driver,
      [thing("a", { config: { deep: { x: 2 } } })],
      [seen("thing", "a", { config: { deep: { x: 1, z: 1 }, other: true } })],
    );
    expect(plan.steps[0]?.changes).toEqual([{ path: ["config", "deep", "x"], from: 1, to: 2 }]);
  });

  it("null unsets a field that is there and is silent about one that is not", () => {
    const there = planFrom(driver, [thing("a", { x: null })], [seen("thing", "a", { x: 1 })]);
    expect(there.steps[0]?.changes).toEqual([{ path: ["x"], from: 1 }]);
    expect(planFrom(driver, [thing("a", { x: null })], [seen("thing", "a", {})]).steps).toEqual([]);
  });

  it("sets ignore order and repetition, other lists do not", () => {
    const observed = [seen("thing", "a", { tags: ["b", "a", "a"], steps: ["1", "2"] })];
    expect(planFrom(driver, [thing("a", { tags: ["a", "b"], steps: ["1", "2"] })], observed).steps).toEqual([]);
    const plan = planFrom(driver, [thing("a", { steps: ["2", "1"] })], observed);
    expect(plan.steps[0]?.changes).toEqual([{ path: ["steps"], from: ["1", "2"], to: ["2", "1"] }]);
  });

  it("sets of maps are matched by name and compared by declared names", () => {
    const observed = [
      seen("thing", "a", {
        parts: [
          { name: "p", size: 1, id: "x" },
          { name: "q", size: 2 },
        ],
      }),
    ];
    const same = [
      thing("a", {
        parts: [
          { name: "q", size: 2 },
          { name: "p", size: 1 },
        ],
      }),
    ];
    expect(planFrom(driver, same, observed).steps).toEqual([]);
    const other = [thing("a", { parts: [{ name: "p", size: 5 }] })];
    expect(planFrom(driver, other, observed).steps).toHaveLength(1);
  });

  it("an absent list and an empty one are the same", () => {
    expect(planFrom(driver, [thing("a", { tags: [] })], [seen("thing", "a", {})]).steps).toEqual([]);
  });

  it("a field named like an object's own method is compared like any other", () => {
    const plan = planFrom(driver, [thing("a", { toString: "x" })], [seen("thing", "a", {})]);
    expect(plan.steps[0]?.changes).toEqual([{ path: ["toString"], to: "x" }]);
  });
});

describe("plan", () => {
  it("a wanted resource that exists and is not ours is a conflict, and apply does nothing at all", async () => {
    const world = memoryWorld([seen("thing", "a", { x: 1 }, false)]);
    const desired = [thing("a", { x: 2 }), thing("b", {})];
    const plan = await makePlan(world.driver, desired);
    expect(plan.conflicts).toEqual([{ kind: "thing", key: "a", because: "exists and was not made by us" }]);
    expect(await applyPlan(world.driver, desired, plan)).toMatchObject({ outcome: "conflict", done: [] });
    expect(world.written).toEqual([]);
  });

  it("a kind that belongs to everybody is changed though not ours, and never deleted", async () => {
    const observed = [seen("settings", "s", { x: 1 }, false)];
    expect(planFrom(driver, [{ kind: "settings", key: "s", fields: { x: 2 } }], observed).steps).toHaveLength(1);
    expect(planFrom(driver, [], observed).steps).toEqual([]);
  });

  it("a kind that is never deleted is kept, and the plan says so", () => {
    const plan = planFrom(driver, [], [seen("archive", "old", {})]);
    expect(plan.steps).toEqual([]);
    expect(formatPlan(plan)).toContain("= archive old is no longer wanted, and stays: this kind is never deleted");
  });

  it("what is depended on is built first, whatever its name", () => {
    const desired = [thing("a", {}, { dependsOn: [{ kind: "thing", key: "z" }] }), thing("z", {})];
    expect(planFrom(driver, desired, []).steps.map((s) => s.key)).toEqual(["z", "a"]);
  });

  it("an immutable field that changes means delete and create anew", () => {
    const plan = planFrom(driver, [thing("a", { shape: "round" })], [seen("thing", "a", { shape: "flat" })]);
    expect(plan.steps.map((s) => [s.action, s.replaced])).toEqual([
      ["delete", true],
      ["create", true],
    ]);
    expect(formatPlan(plan)).toMatch(/^memory: 1 to replace\n {2}- thing a \(replaced\)\n {2}\+ thing a \(replaced\)/);
  });

  it("a kind that is replaced blue-green is never without: one step, which leaves the order to the product", () => {
    const wanted = [{ kind: "flow", key: "f", fields: { steps: ["2"] } }];
    const plan = planFrom(driver, wanted, [seen("flow", "f", { steps: ["1"] })]);
    expect(plan.steps.map((s) => s.action)).toEqual(["replace"]);
    expect(formatPlan(plan)).toContain("± flow f (the new one first, then the old one goes)");
  });

  it("a set of rights that both shrinks and grows is cut in two: what is taken comes first", () => {
    const desired: Resource[] = [{ kind: "right", key: "r", fields: { members: ["b", "c"] } }];
    const plan = planFrom(driver, desired, [seen("right", "r", { members: ["a", "b"] })]);
    expect(plan.steps.map((s) => [s.phase, s.changes[0]?.from, s.changes[0]?.to])).toEqual([
      ["revoke", ["a", "b"], ["b"]],
      ["build", ["b"], ["b", "c"]],
    ]);
  });

  it("cycles, twins and unknown kinds are bugs of the caller", () => {
    const cycle = [
      thing("a", {}, { dependsOn: [{ kind: "thing", key: "b" }] }),
      thing("b", {}, { dependsOn: [{ kind: "thing", key: "a" }] }),
    ];
    expect(() => planFrom(driver, cycle, [])).toThrow(Bug);
    expect(() => planFrom(driver, [thing("a", {}), thing("a", {})], [])).toThrow(Bug);
    expect(() => planFrom(driver, [{ kind: "nonsense", key: "a", fields: {} }], [])).toThrow(Bug);
  });
});

describe("secrets", () => {
  const withSecret = (fingerprint?: string) => [
    thing("a", {}, { secrets: { pass: { value: new Secret("hunter2"), ...(fingerprint && { fingerprint }) } } }),
  ];

  it("a secret is in no form of a plan", () => {
    const plan = planFrom(driver, withSecret("f1"), []);
    expect(formatPlan(plan)).toContain("pass: [secret]");
    expect(savePlans([plan]) + formatPlan(plan)).not.toContain("hunter2");
  });

  it("a secret is compared by its fingerprint, and not at all without one", () => {
    const observed = [{ ...seen("thing", "a", {}), fingerprints: { pass: "f1" } }];
    expect(planFrom(driver, withSecret("f1"), observed).steps).toEqual([]);
    expect(planFrom(driver, withSecret("f2"), observed).steps[0]?.changes).toEqual([{ path: ["pass"], secret: true }]);
    expect(planFrom(driver, withSecret(), observed).steps).toEqual([]);
  });

  it("of a product that shows its secrets it is compared as it is, whatever the fingerprint", () => {
    const changes = (held: boolean, fingerprint?: string) =>
      planFrom(driver, withSecret(fingerprint), [{ ...seen("thing", "a", {}), holds: { pass: held } }]).steps.flatMap(
        (step) => step.changes,
      );
    expect([changes(true), changes(true, "f2")]).toEqual([[], []]);
    expect([changes(false), changes(false, "f2")].flat()).toEqual(Array(2).fill({ path: ["pass"], secret: true }));
  });

  it("a changed secret makes an older plan stale", async () => {
    const world = memoryWorld();
    const plan = await makePlan(world.driver, withSecret("f1"));
    expect(await applyPlan(world.driver, withSecret("f2"), plan)).toMatchObject({ outcome: "stale" });
  });
});

describe("text and JSON", () => {
  const observed = [
    seen("thing", "changed", { tags: ["a", "b"], x: "old", gone: true }),
    seen("archive", "kept", {}),
    seen("right", "revoked", { members: ["p"] }),
    seen("thing", "removed", {}),
    seen("thing", "foreign", {}, false),
  ];
  const desired = [
    thing("changed", { tags: ["b", "c"], x: "new", gone: null }),
    thing("foreign", { x: 1 }),
    thing("new", { name: "n" }),
  ];

  it("a plan reads like this", () => {
    expect(formatPlan(planFrom(driver, desired, observed))).toMatchInlineSnapshot(`
      "memory: 1 to create, 1 to change, 2 to delete, 1 in conflict
        - right revoked (takes rights away)
        ~ thing changed
            gone: true → (unset)
            tags:
              - "a"
              + "c"
            x: "old" → "new"
        + thing new
            name: "n"
        - thing removed
        ! thing foreign exists and was not made by us: nothing will be applied
            fix: choose another name, take it over, or remove it by hand if nobody needs it
        = archive kept is no longer wanted, and stays: this kind is never deleted"
    `);
  });

  it("an ordered list of objects is shown by what comes and goes, an object on a line", () => {
    const [one, two, three] = [{ n: 1 }, { n: 2 }, { n: 3 }];
    const linesOf = (to: Resource["fields"], from: Observed["fields"]) =>
      formatPlan(planFrom(driver, [thing("t", to)], [seen("thing", "t", from)]))
        .split("\n")
        .slice(2);
    expect(linesOf({ rules: [one, three] }, { rules: [one, two] })).toEqual([
      "      rules:",
      '        - {"n":2}',
      '        + {"n":3}',
    ]);
    expect(linesOf({ rules: [one] }, {})).toEqual(["      rules:", '        + {"n":1}']);
    expect(linesOf({ rules: [two, one] }, { rules: [one, two] })).toEqual(["      rules: in another order"]);
  });

  it("a saved plan reads back equal, and other text is refused with a sentence", () => {
    const plan = planFrom(driver, desired, observed);
    expect(readPlans(savePlans([plan]))).toEqual({ ok: true, value: [plan] });
    for (const text of ["", "{}", "null", '{"version":2}', savePlans([plan]).replace('"version": 1', '"version": 9')]) {
      expect(readPlans(text).ok).toBe(false);
    }
  });

  it("remarks are shown, saved and cannot rewrite the terminal; a plan is no other plan for them", async () => {
    const world = memoryWorld();
    const wanted = [thing("a", { x: 1 })];
    const plan = { ...(await makePlan(world.driver, wanted)), remarks: ["2 people lose it\u001b[2J"] };
    expect(formatPlan(plan)).toContain("\n  ! 2 people lose it\\u{1b}[2J");
    const saved = readPlans(savePlans([plan]));
    expect(saved).toEqual({ ok: true, value: [plan] });
    expect((await applyPlan(world.driver, wanted, plan)).outcome).toBe("applied");
  });

  it("control characters and direction marks read from a product cannot rewrite the terminal", () => {
    const plan = planFrom(driver, [], [seen("thing", "a\u001b[2J\u202eb\u009b", {})]);
    expect(formatPlan(plan)).toBe("memory: 1 to delete\n  - thing a\\u{1b}[2J\\u{202e}b\\u{9b}");
  });
});

describe("several plans", () => {
  it("begin with a line each: what happens where, before how", () => {
    const one = planFrom(driver, [thing("a", { x: 1 })], []);
    const two = { ...planFrom({ ...driver, name: "other" }, [], [seen("thing", "b", { x: 1 })]), remarks: ["beware"] };
    expect(formatPlansShortly([one, two])).toEqual(["memory: 1 to create", "other: 1 to delete (! 1 remark)", ""]);
    expect(formatPlansShortly([one])).toEqual([]);
  });
});
