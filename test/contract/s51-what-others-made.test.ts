import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { applyTarget, planTarget, type TargetPlan } from "../../src/targets/index.ts";
import { applyPolicy } from "./target-rigs.ts";
import { startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { deps, target } from "./targets-policy.ts";

// S-51 where it is closest: what somebody else puts in our place in the very moment between our look and our write. What
// stands there before is in targets-kubernetes.test.ts and targets-openstack.test.ts; the engine: test/hostile/s51-*.

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 240_000);
afterAll(() => cluster?.stop());

const prod1 = target("prod1");
const bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/customer-a-dev/rolebindings";
const withoutDevelopers: readonly [string, string][] = [
  ["  - { id: dev, give: developer, to: developers, at: [gx1, gx2, prod1] }\n", ""],
];
const subject = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });

/** The name of our binding for developers of customer A. */
async function nameOfOurs(): Promise<string> {
  const { body } = await cluster.ask("GET", bindings);
  const names: string[] = body.items.map((i: { metadata: { name: string } }) => i.metadata.name);
  return names.find((name) => name.includes("customer-a.developer")) ?? "";
}

/** A binding made by hand under this name, as somebody makes it who wants it so. */
async function replaceByHand(name: string): Promise<object> {
  await cluster.ask("DELETE", `${bindings}/${name}`);
  const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "edit" };
  const made = { metadata: { name }, roleRef: role, subjects: [subject("their-own-people")] };
  const { status, body } = await cluster.ask("POST", bindings, made);
  expect(status).toBe(201);
  return body;
}

/** Applies; right after the last look before the writes, somebody does something. */
const applyBut = (planned: TargetPlan, act: () => Promise<void>) => {
  const { driver } = planned;
  let acted = false;
  const read: typeof driver.read = async (...asked) => {
    const seen = await driver.read(...asked);
    if (!acted) {
      acted = true;
      await act();
    }
    return seen;
  };
  return applyTarget({ ...planned, driver: { ...driver, read } });
};

describe("S-51: a binding that somebody makes in the place of ours between the look and the write", () => {
  let name: string;
  beforeEach(async () => {
    if (name !== undefined) await cluster.ask("DELETE", `${bindings}/${name}`);
    await applyPolicy(cluster.policy, "prod1", cluster.connection);
    name = await nameOfOurs();
  });
  const plan = (changes?: readonly [string, string][]) =>
    planTarget(cluster.changed(changes), prod1, cluster.connection, deps);
  const attacks: [string, () => Promise<TargetPlan>][] = [
    ["deleted", () => plan(withoutDevelopers)],
    [
      "changed",
      async () => {
        const patch = { subjects: [subject("cp:cp.customer-a.developer"), subject("evil")] };
        await cluster.ask("PATCH", `${bindings}/${name}`, patch, undefined, "application/merge-patch+json");
        return plan();
      },
    ],
    [
      "made",
      async () => {
        await cluster.ask("DELETE", `${bindings}/${name}`);
        return plan();
      },
    ],
  ];

  it.each(attacks)("is not %s by us", async (_what, prepare) => {
    const planned = await prepare();
    expect(planned.plan.steps.map((step) => step.key)).toEqual([`customer-a-dev/${name}`]);
    let theirs: object = {};
    const applied = await applyBut(planned, async () => {
      theirs = await replaceByHand(name);
    });
    expect(applied).toMatchObject({ outcome: "stopped", done: [] });
    expect((await cluster.ask("GET", `${bindings}/${name}`)).body).toEqual(theirs);
  });
});
