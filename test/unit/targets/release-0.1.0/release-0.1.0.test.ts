import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TargetName } from "../../../../src/core/index.ts";
import { type Plan, planFrom } from "../../../../src/reconcile/index.ts";
import { compileKubernetes, compileOpenStack } from "../../../../src/targets/index.ts";
import { makeKubernetesDriver, resourcesOf as onCluster } from "../../../../src/targets/kubernetes/driver.ts";
import { kinds, resourcesOf } from "../../../../src/targets/openstack/desired.ts";
import { namesOf, observe } from "../../../../src/targets/openstack/observe.ts";
import type { World } from "../../../../src/targets/openstack/world.ts";
import { examples, mustLoad } from "../../policy/kit.ts";

/** What release 0.1.0 called everything in its plans for the example policies, and what it knew as ours by its marks. */
const recorded = JSON.parse(readFileSync(new URL("plans.json", import.meta.url), "utf8"));
const policy = mustLoad(examples);
const inShort = ({ observed, steps, kept }: Plan) => ({
  names: Object.keys(observed).sort(),
  steps: steps.map((s) => `${s.action} ${s.kind} ${s.key}`),
  kept: kept.map((s) => `${s.kind} ${s.key}`),
});

const held = (scope: object) => ({ role: { id: "r1" }, group: { id: "g1" }, scope });
const world: World = {
  domains: [
    { id: "d1", name: "customer-a" },
    { id: "d2", name: "my domain" },
  ],
  projects: [
    { id: "p1", name: "dev", domain_id: "d1" },
    { id: "p2", name: "old stuff", domain_id: "d1" },
  ],
  roles: [{ id: "r1", name: "member" }],
  groups: [{ id: "g1", name: "cp.customer-a.old", domain_id: "d1", description: "cloudpass: set old" }],
  mappings: [{ id: "cloudpass-old", rules: [], schema_version: "2.0" }],
  identityProviders: [{ id: "cloudpass-old", enabled: true, domain_id: "d1", remote_ids: [], description: "" }],
  protocols: [{ id: "mapped", identityProvider: "cloudpass-old", mapping_id: "cloudpass-old" }],
  assignments: [
    held({ project: { id: "p1" } }),
    held({ project: { id: "p2" }, "OS-INHERIT:inherited_to": "projects" }),
    held({ domain: { id: "d1" } }),
    held({ domain: { id: "d1" }, "OS-INHERIT:inherited_to": "projects" }),
    held({ system: { all: true } }),
  ],
};

describe("what release 0.1.0 made and planned", () => {
  it("on a cloud is known by its marks, and has the names that its plans gave it", () => {
    const desired = resourcesOf(compileOpenStack(policy, "gx1" as TargetName));
    const plan = planFrom({ name: "keystone gx1", kinds }, desired, observe(world, namesOf(world), desired));
    expect(inShort(plan)).toEqual(recorded.keystone);
  });

  it("on a cluster has the names that its plans gave it", () => {
    const target = [...policy.targets.values()].find(({ kind }) => kind === "kubernetes");
    const desired = compileKubernetes(policy, target?.name ?? ("" as TargetName));
    const driver = makeKubernetesDriver({} as never, {
      desired,
      byLabel: new Map(),
      leftOut: [],
      waiting: [],
      missing: new Set(),
    });
    expect(inShort(planFrom(driver, onCluster(desired), []))).toEqual(recorded.kubernetes);
  });
});

describe("two things that would have one text", () => {
  it("are two keys: a project with a slash in its name is not one within another domain", () => {
    const twins: World = {
      ...world,
      domains: [...world.domains, { id: "d3", name: "customer-a/dev" }],
      projects: [
        { id: "q1", name: "dev/x", domain_id: "d1" },
        { id: "q2", name: "x", domain_id: "d3" },
      ],
      assignments: [held({ project: { id: "q1" } }), held({ project: { id: "q2" } })],
    };
    const seen = observe(twins, namesOf(twins), []).filter(({ kind }) => kind === "assignment");
    const plan = planFrom({ name: "keystone gx1", kinds }, [], seen);
    expect(plan.steps.map(({ key }) => key).sort()).toEqual([
      'member to customer-a/cp.customer-a.old on project "customer-a/dev"/x',
      'member to customer-a/cp.customer-a.old on project customer-a/"dev/x"',
    ]);
  });
});
