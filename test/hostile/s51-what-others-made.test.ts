import { describe, expect, test } from "vitest";
import { applyPlan, identityOf, makePlan, type Observed, planFrom, type Resource } from "../../src/reconcile/index.ts";
import { appliedByUs } from "../../src/targets/kubernetes/bindings.ts";
import { namesOf, observe } from "../../src/targets/openstack/observe.ts";
import type { World } from "../../src/targets/openstack/world.ts";
import { memoryWorld } from "../unit/reconcile/memory-world.ts";

// The moment between look and write on a real API server: test/contract/s51-what-others-made.test.ts. For every state
// that may be wanted and found: test/unit/reconcile/properties.test.ts. Seen red with `owned: true` for whatever is found.

const right = (key: string, ...members: string[]): Resource => ({ kind: "right", key, fields: { members } });
const ours = (r: Resource): Observed => ({ ...r, owned: true });
const theirs = (r: Resource): Observed => ({ ...r, owned: false });

describe("S-51: an object that somebody else made", () => {
  test("in the place of a wanted one stops all: nothing is written, not even elsewhere", async () => {
    const trap = theirs(right("admin", "mallory"));
    const world = memoryWorld([trap, ours(right("old", "tom"))]);
    const wanted = [right("admin", "ada"), right("new", "ada")];
    const plan = await makePlan(world.driver, wanted);
    expect(plan.conflicts).toMatchObject([{ kind: "right", key: "admin" }]);
    expect(await applyPlan(world.driver, wanted, plan)).toMatchObject({ outcome: "conflict", done: [] });
    expect([world.written, world.get("right", "admin")]).toEqual([[], expect.objectContaining(trap)]);
  });

  test.each<[string, Observed | undefined, Resource[]]>([
    ["made", undefined, [right("r", "ada")]],
    ["changed", ours(right("r", "tom")), [right("r", "ada")]],
    ["deleted", ours(right("r", "tom")), []],
  ])("in the place of one that was to be %s, after the plan: the plan is refused", async (_what, before, wanted) => {
    const world = memoryWorld(before ? [before] : []);
    const plan = await makePlan(world.driver, wanted);
    expect(plan.steps.map((step) => step.key)).toContain("r");
    // The same to the letter: only whose it is tells the two apart.
    const trap = theirs(before ?? right("r", "ada"));
    world.drop(trap);
    world.put(trap);
    const { outcome } = await applyPlan(world.driver, wanted, plan);
    expect(["stale", "conflict"]).toContain(outcome);
    expect([world.written, world.get("right", "r")]).toEqual([[], trap]);
  });

  test("and that is nowhere wanted is neither planned for nor told as ours, however many there are", () => {
    const many = Array.from({ length: 500 }, (_, i) => theirs(right(`r${i}`, "mallory")));
    const plan = planFrom(memoryWorld().driver, [], many);
    expect([plan.steps, plan.kept, plan.conflicts]).toEqual([[], [], []]);
  });
});

describe("S-51: a mark that was copied", () => {
  test.each<[string, object[], boolean]>([
    ["ours", [{ manager: "cloudpass", operation: "Apply" }], true],
    ["nobody", [], false],
    ["kubectl", [{ manager: "kubectl-client-side-apply", operation: "Update" }], false],
    ["somebody who writes under our name, but does not apply", [{ manager: "cloudpass", operation: "Update" }], false],
    ["a name that begins like ours", [{ manager: "cloudpass-too", operation: "Apply" }], false],
    ["another case of letters", [{ manager: "Cloudpass", operation: "Apply" }], false],
  ])("on a cluster: with our label, written by %s", (_who, managedFields, expected) => {
    expect(appliedByUs({ metadata: { name: "b", uid: "u", resourceVersion: "1", managedFields } })).toBe(expected);
  });

  const world = (groups: object[], identityProviders: object[] = []): World =>
    ({
      domains: [{ id: "d1", name: "customer-a" }],
      projects: [{ id: "p1", name: "dev", domain_id: "d1" }],
      roles: [{ id: "r1", name: "member" }],
      mappings: [],
      protocols: [],
      groups: groups.map((g, i) => ({ id: `g${i}`, domain_id: "d1", ...g })),
      assignments: groups.map((_, i) => ({
        role: { id: "r1" },
        group: { id: `g${i}` },
        scope: { project: { id: "p1" } },
      })),
      identityProviders,
    }) as unknown as World;
  const seen = (at: World) => observe(at, namesOf(at), []).map((o) => identityOf(o));

  test("on a cloud: a group needs our name and our mark; without both, what it holds is not even looked at", () => {
    expect(seen(world([{ name: "cp.customer-a.developer", description: "cloudpass: set developer" }]))).toHaveLength(2);
    const copies = [
      { name: "cp.customer-a.developer", description: "made by hand" },
      { name: "cp.customer-a.developer" },
      { name: "developers", description: "cloudpass: set developer" },
      { name: "CP.customer-a.developer", description: "cloudpass: set developer" },
      { name: "cp-like", description: "cloudpass: set developer" },
      { name: "cp.customer-a.developer", description: "Cloudpass: set developer" },
    ];
    for (const copy of copies) expect([copy, seen(world([copy]))]).toEqual([copy, []]);
  });

  test("on a cloud: an identity provider of another name is not seen, and neither is what a check makes for itself", () => {
    const provider = (id: string) => ({ id, enabled: true, domain_id: "d1" });
    expect(seen(world([], [provider("cloudpass-customer-a")]))).toHaveLength(1);
    for (const id of ["keycloak", "cloudpass", "my-cloudpass-customer-a", "Cloudpass-a", "cloudpass--check-00000000"])
      expect([id, seen(world([], [provider(id)]))]).toEqual([id, []]);
  });
});
