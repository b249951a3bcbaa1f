import { describe, expect, it } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { diff } from "../../../src/reconcile/diff.ts";
import { type KindRule, type Observed, planFrom, type Resource } from "../../../src/reconcile/index.ts";
import { kinds, memoryWorld } from "./memory-world.ts";

const { driver } = memoryWorld();
const rules: readonly KindRule[] = [
  ...kinds,
  { kind: "vault", level: 1, immutable: ["shape"], neverDelete: true },
  { kind: "seal", level: 1, immutable: ["shape"], irreversible: true },
  { kind: "grant", level: 2, immutable: ["shape"], grants: true },
];
const world = { ...driver, kinds: rules };
const round = (kind: string): Resource => ({ kind, key: "a", fields: { shape: "round" } });
const flat = (kind: string, owned = true): Observed => ({ kind, key: "a", id: "1", fields: { shape: "flat" }, owned });
const adopted = { entries: [{ kind: "thing", key: "a", id: "1", how: "adopted" as const }], intents: [] };

describe("what cannot be changed is replaced", () => {
  it("by deleting the old one before the new one is made, which counts as one replacement", () => {
    const { steps, conflicts } = planFrom(world, [round("thing")], [flat("thing")]);
    expect(conflicts).toEqual([]);
    expect(steps).toMatchObject([
      { action: "delete", phase: "build", wave: 0, replaced: true, changes: [] },
      { action: "create", phase: "build", wave: 1, replaced: true, changes: [{ path: ["shape"], to: "round" }] },
    ]);
  });

  it("among the rights that go first, where it carries rights", () => {
    const { steps } = planFrom(world, [round("grant"), { kind: "thing", key: "n", fields: {} }], [flat("grant")]);
    expect(steps.map(({ action, kind, phase }) => [action, kind, phase])).toEqual([
      ["delete", "grant", "revoke"],
      ["create", "thing", "build"],
      ["create", "grant", "build"],
    ]);
  });

  it("in one step, the new one first, where its kind says so", () => {
    const wanted: Resource = { kind: "flow", key: "a", fields: { steps: ["x"] } };
    const there: Observed = { kind: "flow", key: "a", fields: { steps: ["y"] }, owned: true };
    expect(planFrom(world, [wanted], [there]).steps).toMatchObject([
      { action: "replace", phase: "build", changes: [{ path: ["steps"], from: ["y"], to: ["x"] }] },
    ]);
  });

  it("only after its name was typed, where something is lost for good", () => {
    const [gone, made] = planFrom(world, [round("seal")], [flat("seal")]).steps;
    expect(gone).toMatchObject({ action: "delete", irreversible: true, confirm: true });
    expect(made).not.toHaveProperty("confirm");
    expect(planFrom(world, [round("thing")], [flat("thing")]).steps[0]).not.toHaveProperty("confirm");
    const manage = { thing: { mode: "own" as const, prune: "confirm" as const } };
    const asked = planFrom(world, [round("thing")], [flat("thing")], { manage, now: instant(0) }).steps;
    expect(asked[0]).toMatchObject({ confirm: true });
    expect(asked[0]).not.toHaveProperty("irreversible");
  });

  const because = (...of: Parameters<typeof planFrom>) => planFrom(...of).conflicts.map((c) => c.because);

  it("never where its kind is never deleted, nor where somebody else made it", () => {
    expect(because(world, [round("vault")], [flat("vault")])).toEqual([
      "would have to be replaced, which its kind forbids",
    ]);
    expect(because(world, [round("thing")], [flat("thing")], undefined, adopted)).toEqual([
      "would have to be replaced, and we only took it over",
    ]);
    for (const mode of ["adopt", "exclusive"] as const) {
      const options = { manage: { thing: { mode } }, now: instant(0) };
      expect(because(world, [round("thing")], [flat("thing", false)], options)).toEqual([
        "would have to be replaced, which we may not: we did not make it",
      ]);
    }
    expect(because(world, [round("thing")], [flat("thing", false)])).toEqual(["exists and was not made by us"]);
  });
});

describe("the difference of fields", () => {
  const rule: KindRule = {
    kind: "thing",
    level: 1,
    lists: { tags: "set", parts: { by: "name" } },
    hides: (name) => name === "password",
  };
  const between = (from: Observed["fields"], to: Resource["fields"]) =>
    diff({ kind: "thing", key: "a", fields: to }, { kind: "thing", key: "a", fields: from, owned: true }, rule);

  it("is of each declared name in a map, and of the whole where another kind of value is", () => {
    expect(between({}, { m: { a: 1, b: 2 } })).toEqual([
      { path: ["m", "a"], to: 1 },
      { path: ["m", "b"], to: 2 },
    ]);
    expect(between({ m: { a: 1, c: 3 } }, { m: { a: 1, b: 2 } })).toEqual([{ path: ["m", "b"], to: 2 }]);
    expect(between({ m: "text" }, { m: { a: 1 } })).toEqual([{ path: ["m"], from: "text", to: { a: 1 } }]);
    expect(between({ m: ["a"] }, { m: { a: 1 } })).toEqual([{ path: ["m"], from: ["a"], to: { a: 1 } }]);
    expect(between({ tags: "a" }, { tags: ["a"] })).toEqual([{ path: ["tags"], from: "a", to: ["a"] }]);
    expect(between({ x: 1 }, { x: null })).toEqual([{ path: ["x"], from: 1 }]);
    expect(between({}, { x: null })).toEqual([]);
    expect(between({}, { tags: [] })).toEqual([]);
  });

  it("of sets and of lists by name does not depend on their order, nor on what is not declared", () => {
    expect(between({ tags: ["b", "a", "a"] }, { tags: ["a", "b"] })).toEqual([]);
    expect(between({ order: ["b", "a"] }, { order: ["a", "b"] })).toHaveLength(1);
    const parts = [{ name: "x", size: 1, seenAt: 5 }, { name: "y" }];
    expect(between({ parts }, { parts: [{ name: "y" }, { name: "x", size: 1 }] })).toEqual([]);
    expect(between({ parts }, { parts: [{ name: "y" }, { name: "x", size: 2 }] })).toHaveLength(1);
    expect(between({ parts }, { parts: [{ name: "x", size: 1 }] })).toHaveLength(1);
    expect(between({ parts: ["x"] }, { parts: [{ name: "x" }] })).toHaveLength(1);
  });

  it("S-81: shows no value that is a secret or holds one, however deep, before or after", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    const hidden = [{ path: ["x"], secret: true }];
    expect(between({ password: "old" }, { password: "new" })).toEqual([{ path: ["password"], secret: true }]);
    expect(between({ password: { deep: "old" } }, { password: { deep: "new" } })).toEqual([
      { path: ["password", "deep"], secret: true },
    ]);
    for (const secret of [key, [key], [{ password: "p" }], [{ a: { password: "p" } }], [{ a: [{ b: key }] }]]) {
      expect(between({ x: secret }, { x: ["open"] })).toEqual(hidden);
      expect(between({ x: "open" }, { x: secret })).toEqual(hidden);
    }
    expect(between({ x: [{ name: "open" }] }, { x: ["open"] })).toHaveLength(1);
    expect(between({ x: [{ name: "open" }] }, { x: ["open"] })[0]).not.toHaveProperty("secret");
  });
});
