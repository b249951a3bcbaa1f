import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyPlan,
  type Driver,
  formatKey,
  identityOf,
  makePlan,
  type Observed,
  planFrom,
  type Resource,
} from "../../../src/reconcile/index.ts";
import { desiredState, observedState, peaceful } from "./arbitrary-worlds.ts";
import { memoryWorld, rightsOf } from "./memory-world.ts";

const runs = { numRuns: 200 };
const bring = async (driver: Driver, desired: readonly Resource[]) =>
  applyPlan(driver, desired, await makePlan(driver, desired));
/** Objects as far as a person sees them. */
const seen = (world: { there(): Observed[] }) =>
  Object.fromEntries(world.there().map((o) => [identityOf(o), o.fields] as const));

describe("for any world and any wish", () => {
  it("apply reaches what is wanted, and the next plan is empty", () =>
    fc.assert(
      fc.asyncProperty(peaceful, async ([desired, observed]) => {
        const world = memoryWorld(observed);
        expect((await bring(world.driver, desired)).outcome).toBe("applied");
        const next = await makePlan(world.driver, desired);
        expect([next.steps, next.repairs]).toEqual([[], 0]);
      }),
      runs,
    ));

  it("a second apply writes nothing", () =>
    fc.assert(
      fc.asyncProperty(peaceful, async ([desired, observed]) => {
        const world = memoryWorld(observed);
        await bring(world.driver, desired);
        const before = world.writes();
        await bring(world.driver, desired);
        expect(world.writes()).toBe(before);
      }),
      runs,
    ));

  it("the order in which things are wanted or observed changes nothing", () =>
    fc.assert(
      fc.property(peaceful, fc.nat(), ([desired, observed], turn) => {
        const rotate = <T>(list: readonly T[]): T[] => {
          const at = list.length === 0 ? 0 : turn % list.length;
          return [...list.slice(at), ...list.slice(0, at)].reverse();
        };
        const { driver } = memoryWorld();
        expect(planFrom(driver, rotate(desired), rotate(observed))).toEqual(planFrom(driver, desired, observed));
      }),
      runs,
    ));

  it("what is not ours is never touched, unless its kind belongs to everybody and it is wanted", () =>
    fc.assert(
      fc.asyncProperty(desiredState, observedState, async (desired, observed) => {
        const world = memoryWorld(observed);
        await bring(world.driver, desired);
        const wanted = new Set(desired.map(identityOf));
        for (const o of observed.filter((f) => !f.owned)) {
          if (o.kind === "settings" && wanted.has(identityOf(o))) continue;
          expect(world.get(o.kind, o.key)).toMatchObject(o);
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
        await bring(world.driver, desired);
        const firstGift = world.written.findIndex((w) => w.gave.length > 0);
        const lastTaking = world.written.findLastIndex((w) => w.took.length > 0);
        if (firstGift >= 0 && lastTaking >= 0) expect(lastTaking).toBeLessThan(firstGift);
      }),
      runs,
    ));

  it("nobody holds, after any single write, a right that neither the old state nor the new one gives", () =>
    fc.assert(
      fc.asyncProperty(peaceful, async ([desired, observed]) => {
        const world = memoryWorld(observed);
        await bring(world.driver, desired);
        const old = observed.flatMap(rightsOf);
        const fresh = desired.flatMap((r) => rightsOf({ ...r, owned: true }));
        const foreignAndNew = new Set([...old, ...fresh]);
        for (const { held, id } of world.written) {
          expect(
            held.filter((r) => !foreignAndNew.has(r)),
            id,
          ).toEqual([]);
        }
        // Within one right: from the moment that anybody gains it, nobody who loses it has it any more.
        const going = old.filter(
          (r) => !fresh.includes(r) && desired.some((d) => r.startsWith(`${formatKey(d.key)}: `)),
        );
        const coming = fresh.filter((r) => !old.includes(r));
        const wanted = new Set(desired.filter((d) => d.kind === "right").map((d) => d.key));
        for (const { held } of world.written) {
          if (!held.some((r) => coming.includes(r))) continue;
          expect(held.filter((r) => going.includes(r) && wanted.has(r.split(":")[0] ?? ""))).toEqual([]);
        }
      }),
      runs,
    ));

  it("a name is never used for two objects at once, and steps of different waves never overlap", () =>
    fc.assert(
      fc.asyncProperty(peaceful, fc.integer({ min: 1, max: 5 }), async ([desired, observed], inFlight) => {
        const world = memoryWorld(observed);
        const plan = await makePlan(world.driver, desired);
        const waves = new Map<string, Set<number>>();
        for (const s of plan.steps) waves.set(identityOf(s), (waves.get(identityOf(s)) ?? new Set()).add(s.wave));
        await applyPlan(world.driver, desired, plan, { inFlight });
        expect(world.mostInFlight()).toBeLessThanOrEqual(inFlight);
        for (const busy of world.busy) {
          expect(new Set(busy).size).toBe(busy.length);
          expect(busy.filter((id) => id.startsWith("chapter ")).length).toBeLessThanOrEqual(1);
          const common = busy.map((id) => waves.get(id) ?? new Set<number>());
          const [first = new Set<number>(), ...rest] = common;
          if (busy.length > 1) expect([...first].some((w) => rest.every((set) => set.has(w)))).toBe(true);
        }
      }),
      runs,
    ));

  it("killed before or after any single request took effect, the next run converges: nothing doubled, nothing lost", () =>
    fc.assert(
      fc.asyncProperty(peaceful, fc.constantFrom("before", "after"), async ([desired, observed], effect) => {
        const undisturbed = memoryWorld(observed);
        await bring(undisturbed.driver, desired);
        for (let at = 0; at < undisturbed.writes(); at++) {
          const world = memoryWorld(observed);
          world.dieAt(at, effect);
          const first = await bring(world.driver, desired);
          expect(["stopped", "unverified"]).toContain(first.outcome);
          world.heal();
          expect((await bring(world.driver, desired)).outcome).toBe("applied");
          expect(seen(world)).toEqual(seen(undisturbed));
          const next = await makePlan(world.driver, []);
          const before = await makePlan(undisturbed.driver, []);
          // What is ours afterwards is what would have been ours.
          expect(next.steps.map(identityOf)).toEqual(before.steps.map(identityOf));
          expect(next.repairs).toBe(0);
        }
      }),
      { numRuns: 60 },
    ));
});
