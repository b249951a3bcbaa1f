import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seconds, type TenantName } from "../../src/core/index.ts";
import { createLog } from "../../src/http/index.ts";
import { createScheduler } from "../../src/jobs/index.ts";
import { watchTargets } from "../../src/jobs/targets.ts";
import type { Policy } from "../../src/policy/index.ts";
import { memoryLease } from "../../src/reconcile/index.ts";
import {
  applyTarget,
  formatApplied,
  type KubernetesConnection,
  namespacesOfTenant,
  planTarget,
} from "../../src/targets/index.ts";
import { operatorAccount, startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { deps, target, until } from "./targets-policy.ts";

let cluster: TestCluster;
let narrow: KubernetesConnection;
beforeAll(async () => {
  cluster = await startTestCluster();
  narrow = await operatorAccount(cluster, [["expression: '[]'", `expression: '["tenant"]'`]]);
}, 240_000);
afterAll(() => cluster?.stop());

const label = (name: string, tenant: string | null) =>
  cluster.ask(
    "PATCH",
    `/api/v1/namespaces/${name}`,
    { metadata: { labels: { tenant } } },
    undefined,
    "application/merge-patch+json",
  );
const make = async (name: string, tenant: string) =>
  expect((await cluster.ask("POST", "/api/v1/namespaces", { metadata: { name, labels: { tenant } } })).status).toBe(
    201,
  );

/** With the account of the manifest; the namespaces of customer-a go by a label. */
const plan = () => {
  const policy = cluster.changed([["prod1: [customer-a-dev]", "prod1: { label: tenant=customer-a }"]]);
  return planTarget(policy, target("prod1"), narrow, deps);
};
const said = async () => {
  const { plan: made } = await plan();
  return made.steps.map((s) => `${s.action} ${s.key.replace(/:[0-9a-f]{12}$/, "")}`).sort();
};
const developer = (tenant: string) =>
  cluster.issuer.mint({ tenant, aud: "prod1", groups: [`cp.${tenant}.developer`], sub: `p-${tenant}` });

describe("namespaces by label on a real API server, with the account of the manifest", () => {
  it("those with the label take the bindings; reserved ones and another tenant's do not, and it is said", async () => {
    await make("team-one", "customer-a");
    await make("somebody", "customer-c");
    await label("kube-system", "customer-a");
    const first = await plan();
    expect(first.leftOut).toEqual(["namespace kube-system carries tenant=customer-a, and stays the cluster's own"]);
    expect(formatApplied(await applyTarget(first))).toBe("5 steps done and verified");
    expect((await label("customer-b-dev", "customer-a")).status).toBe(200);
    const second = await plan();
    expect([second.plan.steps, second.leftOut.length]).toEqual([[], 2]);
    // One list of namespaces and of each kind of binding, and the two roles.
    expect(second.requests).toBe(5);
    const token = await developer("customer-a");
    const places = ["team-one", "somebody", "kube-system", "customer-b-dev", "default"];
    const may = await Promise.all(places.map((namespace) => cluster.may(token, "create", namespace)));
    expect(may).toEqual([true, false, false, false, false]);
  });

  it("the console shows just those, and those of the policy by name", async () => {
    const byLabel = cluster.changed([["prod1: [customer-a-dev]", "prod1: { label: tenant=customer-a }"]]);
    const shown = (policy: Policy, name: string) => {
      const tenant = policy.tenants.get(name as TenantName);
      if (tenant === undefined) throw new Error("no tenant");
      return namespacesOfTenant(policy, tenant, target("prod1"), narrow, deps);
    };
    expect(await shown(byLabel, "customer-a")).toEqual([{ name: "team-one", state: "there" }]);
    expect(await shown(byLabel, "customer-b")).toEqual([{ name: "customer-b-dev", state: "there" }]);
    const lacking = cluster.changed([["prod1: [customer-a-dev]", "prod1: [not-there]"]]);
    expect(await shown(lacking, "customer-a")).toEqual([{ name: "not-there", state: "not there" }]);
  });

  it("one that appears later is taken by the next look, one that loses the label is let go", async () => {
    await make("team-two", "customer-a");
    expect(await said()).toEqual([
      "create team-two/cloudpass:cp.customer-a.auditor",
      "create team-two/cloudpass:cp.customer-a.developer",
    ]);
    await applyTarget(await plan());
    const token = await developer("customer-a");
    expect(await cluster.may(token, "create", "team-two")).toBe(true);
    await label("team-two", null);
    expect(await said()).toEqual([
      "delete team-two/cloudpass:cp.customer-a.auditor",
      "delete team-two/cloudpass:cp.customer-a.developer",
    ]);
    await applyTarget(await plan());
    expect([await cluster.may(token, "create", "team-two"), await cluster.may(token, "create", "team-one")]).toEqual([
      false,
      true,
    ]);
  });

  it("a plan for a namespace that was given to another tenant meanwhile is not carried out", async () => {
    await make("team-three", "customer-a");
    const planned = await plan();
    await label("team-three", "customer-c");
    await expect(applyTarget(planned)).rejects.toThrow("team-three no longer has the label tenant=customer-a");
    expect(await said()).toEqual([]);
    expect(await cluster.may(await developer("customer-a"), "get", "team-three")).toBe(false);
  });

  it("a running broker takes a new one in at its next look", async () => {
    const told: string[] = [];
    const holder = "a test";
    const scheduler = createScheduler({ leaseOn: () => memoryLease(), holder, log: createLog("silent"), ...deps });
    watchTargets(scheduler, {
      ...{ targets: [target("prod1")], every: seconds(1), mode: "apply", maxDeletes: 0, ...deps },
      policy: () => cluster.policy,
      plan,
      apply: (planned) => applyTarget(planned),
      notify: (_, news) => told.push(news.kind),
      wanted: () => "the same",
      looking: () => async () => undefined,
    });
    try {
      await until(async () => told.includes("in-step"));
      await make("team-four", "customer-a");
      const token = await developer("customer-a");
      await until(() => cluster.may(token, "create", "team-four"));
    } finally {
      await scheduler.stop(5000);
    }
    expect(told).toEqual(["in-step", "applied", "in-step"].slice(0, told.length));
  });

  it("somebody who may edit in a namespace cannot give another one the label", async () => {
    const token = await developer("customer-a");
    for (const name of ["team-one", "somebody"]) {
      const body = { metadata: { labels: { tenant: "customer-a" } } };
      const path = `/api/v1/namespaces/${name}`;
      expect((await cluster.ask("PATCH", path, body, token, "application/merge-patch+json")).status).toBe(403);
    }
  });
});
