import { describe, expect, it } from "vitest";
import { applyPlan, makePlan, type Observed, planFrom, type Resource } from "../../src/reconcile/index.ts";
import { memoryWorld } from "../unit/reconcile/memory-world.ts";

const right = (key: string, ...members: string[]): Resource => ({ kind: "right", key, fields: { members } });
const there = (r: Resource): Observed => ({ ...r, owned: true });

/** Mallory loses the admin's right, Ada gets it; auditors are parted anew; one right goes, one comes, with its object. */
const before = [right("admin", "mallory", "tom"), right("audit", "mallory"), right("old", "mallory")].map(there);
const after: Resource[] = [
  { kind: "thing", key: "office", fields: { x: 1 } },
  { kind: "note", key: "unmarked", fields: { x: 1 } },
  right("admin", "ada", "tom"),
  right("audit", "ada"),
  { ...right("new", "ada"), dependsOn: [{ kind: "thing", key: "office" }] },
];
const mallorys = (held: readonly string[]) => held.filter((r) => r.endsWith(": mallory"));
const adas = (held: readonly string[]) => held.filter((r) => r.endsWith(": ada"));

describe("S-61: an apply that dies", () => {
  const { steps } = planFrom(memoryWorld().driver, after, before);
  const requests = async () => {
    const world = memoryWorld(before);
    await applyPlan(world.driver, after, await makePlan(world.driver, after));
    return world.writes();
  };

  it("does the taking first: the plan begins with it, and no giving comes before the last of it", () => {
    const phases = steps.map((s) => s.phase);
    expect(phases.lastIndexOf("revoke")).toBeLessThan(phases.indexOf("build"));
    expect(phases.filter((phase) => phase === "revoke")).toHaveLength(3);
  });

  it.each(["before", "after"] as const)(
    "killed %s any request took effect: whoever loses has lost before another gains",
    async (effect) => {
      const total = await requests();
      expect(total).toBeGreaterThan(steps.length);
      for (let at = 0; at < total; at++) {
        const world = memoryWorld(before);
        world.dieAt(at, effect);
        await applyPlan(world.driver, after, await makePlan(world.driver, after));
        for (const { held } of world.written) {
          if (adas(held).length > 0) expect(mallorys(held), `killed at request ${at}`).toEqual([]);
        }
        world.heal();
        const plan = await makePlan(world.driver, after);
        expect(plan.conflicts, `killed at request ${at}`).toEqual([]);
        expect(await applyPlan(world.driver, after, plan)).toMatchObject({ outcome: "applied" });
        expect(mallorys(world.written.at(-1)?.held ?? [])).toEqual([]);
        expect((await makePlan(world.driver, after)).steps).toEqual([]);
        // The object without a marker is ours in spite of all: it goes when it is no longer wanted.
        await applyPlan(world.driver, [], await makePlan(world.driver, []));
        expect(world.there(), `killed at request ${at}`).toEqual([]);
      }
    },
  );

  it("killed again and again, it still gets there", async () => {
    const world = memoryWorld(before);
    let outcome = "";
    for (let run = 0; outcome !== "applied"; run++) {
      expect(run).toBeLessThan(20);
      world.dieAt(1, run % 2 === 0 ? "after" : "before");
      outcome = (await applyPlan(world.driver, after, await makePlan(world.driver, after))).outcome;
    }
    expect((await makePlan(world.driver, after)).steps).toEqual([]);
  });
});
