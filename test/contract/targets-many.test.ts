import { afterAll, beforeAll, expect, it } from "vitest";
import { applyTarget, formatApplied, planTarget } from "../../src/targets/index.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { deps, manyTenants, target } from "./targets-policy.ts";

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startTestCloud();
}, 240_000);
afterAll(() => cloud?.stop());

it("a no-op plan reads by lists: one a kind, and one an identity provider, whose protocols have no common list", async () => {
  const tenants = 10;
  const policy = manyTenants(tenants, cloud.rig.url);
  // The login and seven lists; a tenant adds nothing but the protocols of its identity provider.
  const first = await planTarget(policy, target("gx1"), cloud.connection, deps);
  expect(first.requests).toBe(8);
  const applied = await applyTarget(first);
  expect(formatApplied(applied)).toBe(`${first.plan.steps.length} steps done and verified`);
  const second = await planTarget(policy, target("gx1"), cloud.connection, deps);
  expect(second.plan.steps).toEqual([]);
  expect(second.requests).toBe(8 + tenants);
}, 200_000);
