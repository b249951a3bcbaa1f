import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyPlan,
  identityOf,
  makePlan,
  type Observed,
  planFrom,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { memoryWorld } from "./memory-world.ts";

const leaf = fc.oneof(fc.constantFrom("u", "v", "w"), fc.integer({ min: 0, max: 2 }), fc.boolean());
const members = fc.array(fc.constantFrom("p", "q", "r", "s"), { maxLength: 4 });
const fieldsOf: Record<string, fc.Arbitrary<Record<string, unknown>>> = {
  settings: fc.record({ x: leaf }, { requiredKeys: [] }),
  thing: fc.record(
    {
      x: fc.option(leaf, { nil: null }),
      shape: fc.constantFrom("round", "flat"),
      tags: members,
      steps: members,
      config: fc.record({ y: leaf, z: fc.option(leaf, { nil: null }) }, { requiredKeys: [] }),
      parts: fc.uniqueArray(fc.record({ name: fc.constantFrom("a", "b", "c"), size: leaf }), {
        selector: (p) => p.name,
        maxLength: 3,
      }),
    },
    { requiredKeys: [] },
  ),
  right: fc.record({ members, note: leaf }, { requiredKeys: ["members"] }),
  archive: fc.record({ x: leaf }, { requiredKeys: [] }),
};
const someKind = fc.constantFrom("settings", "thing", "right", "archive");
const someResource = someKind.chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    key: fc.constantFrom("a", "b", "c", "d"),
    fields: fieldsOf[kind] ?? fc.constant({}),
    // Only towards things, so that there is no cycle.
    dependsOn:
      kind === "thing" ? fc.constant([]) : fc.array(fc.constant({ kind: "thing", key: "c" }), { maxLength: 1 }),
  }),
) as fc.Arbitrary<Resource>;
const desiredState = fc.uniqueArray(someResource, { selector: identityOf, maxLength: 10 });
const observedState = fc.uniqueArray(
  fc.tuple(someResource, fc.boolean()).map(([r, owned]): Observed => ({ ...r, owned })),
  { selector: identityOf, maxLength: 10 },
);
/** A world in which nothing foreign is in the way of what is wanted. */
const peaceful = fc.tuple(desiredState, observedState).map(([desired, observed]): [Resource[], Observed[]] => {
  const wanted = new Set(desired.map(identityOf));
  return [desired, observed.map((o) => (wanted.has(identityOf(o)) ? { ...o, owned: true } : o))];
});
/** Replacing what may not be deleted cannot arise here: only `thing` has an immutable field, and it may be deleted. */
const runs = { numRuns: 300 };

describe("for any world and any wish", () => {
  it("apply reaches what is wanted, and the next plan is empty", () =>
    fc.assert(
      fc.asyncProperty(peaceful, async ([desired, observed]) => {
        const world = memoryWorld(observed);
        const applied = await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
        expect(applied.outcome).toBe("applied");
        expect((await makePlan(world.driver, desired)).steps).toEqual([]);
      }),
      runs,
    ));

  it("the order in which things are wanted or observed changes nothing", () =>
    fc.assert(
      fc.property(peaceful, fc.nat(), ([desired, observed], turn) => {
        const rotate = <T>(list: T[]): T[] => {
          const at = list.length === 0 ? 0 : turn % list.length;
          return [...list.slice(at), ...list.slice(0, at)].reverse();
        };
        const { driver } = memoryWorld();
        expect(planFrom(driver, rotate(desired), rotate(observed))).toEqual(planFrom(driver, desired, observed));
      }),
      runs,
    ));

  it("what is not ours is never touched, unless its kind is adopted and it is wanted", () =>
    fc.assert(
      fc.asyncProperty(desiredState, observedState, async (desired, observed) => {
        const world = memoryWorld(observed);
        await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
        const wanted = new Set(desired.map(identityOf));
        for (const o of observed.filter((f) => !f.owned)) {
          if (o.kind === "settings" && wanted.has(identityOf(o))) continue;
          expect(world.get(o.kind, o.key)).toEqual(o);
        }
        for (const o of observed.filter((f) => f.kind === "archive" || f.kind === "settings")) {
          if (!o.owned || o.kind === "archive") expect(world.get(o.kind, o.key)).toBeDefined();
        }
      }),
      runs,
    ));

  it("no right is given before every right that goes has been taken", () =>
    fc.assert(
      fc.asyncProperty(peaceful, async ([desired, observed]) => {
        const world = memoryWorld(observed);
        await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
        const firstGift = world.written.findIndex((w) => w.gave.length > 0);
        const lastTaking = world.written.findLastIndex((w) => w.took.length > 0);
        if (firstGift >= 0 && lastTaking >= 0) expect(lastTaking).toBeLessThan(firstGift);
      }),
      runs,
    ));

  it("killed at every step boundary, before or after the write took effect, a later run converges", () =>
    fc.assert(
      fc.asyncProperty(
        peaceful,
        fc.constantFrom("before" as const, "after" as const),
        async ([desired, observed], effect) => {
          const { steps } = planFrom(memoryWorld().driver, desired, observed);
          for (const at of steps.keys()) {
            const world = memoryWorld(observed);
            world.failAt(at, effect);
            const first = await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
            expect(first).toMatchObject({ outcome: "stopped" });
            expect(first.done).toHaveLength(at);
            world.heal();
            const second = await applyPlan(world.driver, desired, await makePlan(world.driver, desired));
            expect(second.outcome).toBe("applied");
            expect((await makePlan(world.driver, desired)).steps).toEqual([]);
          }
        },
      ),
      { numRuns: 100 },
    ));
});
