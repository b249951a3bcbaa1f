import { afterAll, beforeAll, expect, it } from "vitest";
import { sayProblem } from "../../src/core/index.ts";
import { loadPolicy, type Policy } from "../../src/policy/index.ts";
import { applyTarget, planTarget, sayApplied } from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
}, 240_000);
afterAll(() => cloud?.stop());

/** As many tenants, each with a domain, two projects and two sets. */
function manyTenants(count: number): Policy {
  const names = Array.from({ length: count }, (_, i) => `tenant-${i}`);
  const tenants = names.map(
    (name) =>
      `  ${name}: { upstreams: [${name}-idp], domains: { gx1: ${name} }, projects: [dev, prod], ceiling: { openstack: [member, reader] } }`,
  );
  const targets = [
    "kind: Targets",
    `clouds: { gx1: { keystone: "${cloud.rig.url}", roles: [reader, member] } }`,
    "tenants:",
    ...tenants,
  ].join("\n");
  const policies = names.map((name) => ({
    file: `${name}.yaml`,
    text: [
      "kind: Policy",
      `tenant: ${name}`,
      "sets:",
      "  dev: [{ openstack: { role: member, on: { project: dev } } }]",
      "  audit: [{ openstack: { role: reader, on: { domain: all-projects } } }]",
      `people: { all: { from: ${name}-idp, all: [{ groups: { has: x } }] } }`,
      "grants: [{ id: a, give: dev, to: all, at: [gx1] }, { id: b, give: audit, to: all, at: [gx1] }]",
    ].join("\n"),
  }));
  const loaded = loadPolicy([{ file: "targets.yaml", text: targets }, ...policies]);
  if (!loaded.ok) throw new Error(loaded.refusal.map(sayProblem).join("\n"));
  return loaded.value;
}

it("a no-op plan reads by lists: one a kind, and one an identity provider, whose protocols have no common list", async () => {
  const tenants = 10;
  const policy = manyTenants(tenants);
  // The login and seven lists; a tenant adds nothing but the protocols of its identity provider.
  const first = await planTarget(policy, target("gx1"), cloud.connection, deps);
  expect(first.requests).toBe(8);
  const applied = await applyTarget(first);
  expect(sayApplied(applied)).toBe(`${first.plan.steps.length} steps done and verified`);
  const second = await planTarget(policy, target("gx1"), cloud.connection, deps);
  expect(second.plan.steps).toEqual([]);
  expect(second.requests).toBe(8 + tenants);
}, 200_000);
