import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { startTestCluster, type TestCluster } from "./targets-cluster.ts";

// S-49 and the mapping's half of S-47: what an identity provider may say, in tokens that are signed as the broker's are.

let cloud: TestCloud;
let cluster: TestCluster;
beforeAll(async () => {
  [cloud, cluster] = [await startTestCloud(), await startTestCluster()];
  await cloud.apply();
}, 300_000);
afterAll(async () => {
  await cloud?.stop();
  await cluster?.stop();
});

const mine = "cp.customer-a.domain-manager";
const theirs = "cp.customer-b.domain-manager";
const hostile: readonly [string, readonly string[]][] = [
  ["quotes", [`'${mine}'`, `"${mine}"`]],
  ["brackets", [`['${mine}']`, `[${mine}]`, `{${mine}}`, "{0}", "{0[1]}", "{{0}}"]],
  ["an object in JSON", [`JSON:{"name":"${theirs}","domain":{"name":"customer-b"}}`, `{"name":"${mine}"}`]],
  ["separators", [`x;${theirs}`, `x,${mine}`, `${mine} `, ` ${mine}`, `${mine}\t`, `${mine}\u0000x`]],
  ["the letters name", ["name", "hostname-admins", `name:${mine}`]],
  [
    "groups of Kubernetes and Keystone",
    ["system:masters", "SYSTEM:MASTERS", "system:authenticated", "admin", "admins"],
  ],
  [
    "look-alikes",
    ["cp.customer-\u0430.domain-manager", "\uff43\uff50.customer-a.domain-manager", "sy\u0455tem:masters"],
  ],
  ["other Unicode forms", ["cp.custome\u0301r-a.domain-manager", `${mine}\u200b`, `\ufeff${mine}`, `\u202e${mine}`]],
  ["other cases", [mine.toUpperCase(), "Cp.customer-a.domain-manager"]],
  ["parts and more", ["cp.customer-a", `${mine}.x`, `x.${mine}`, "cp.*", "^cp", ".*", "%"]],
  ["the other tenant's", [theirs, "cp.customer-b.developer", "cp.customer-b.auditor"]],
];

const asKeystone = async (groups: readonly string[], sub: string) => {
  const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub });
  const login = await cloud.federated("customer-a", token);
  if (login.status !== 201) return { status: login.status, groups: [], domains: [], projects: [] };
  const as = { "x-auth-token": login.token };
  const [domains, projects] = await Promise.all(
    ["domains", "projects"].map(async (of) => (await cloud.call("GET", `/auth/${of}`, undefined, as)).body[of]),
  );
  return { status: 201, groups: login.body.token.user["OS-FEDERATION"].groups, domains, projects };
};

const may = async (groups: unknown, verb: string, namespace: string, more: object = {}) => {
  const token = await cluster.issuer.mint({ tenant: "customer-a", aud: "prod1", groups, ...more });
  const spec = { resourceAttributes: { verb, resource: "secrets", namespace } };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const { status, body } = await cluster.call("POST", path, { spec }, token);
  return status === 201 && body.status.allowed === true;
};

describe("hostile values at a real Keystone and a real API server", () => {
  it.each(hostile)("groups with %s are no right anywhere", async (_, groups) => {
    for (const group of [...groups.map((g) => [g]), groups]) {
      const found = await asKeystone(group, "p-hostile");
      expect([group, found.groups, found.domains, found.projects]).toEqual([group, [], [], []]);
      for (const namespace of ["customer-a-dev", "customer-b-dev", "kube-system"])
        expect([group, namespace, await may(group, "get", namespace)]).toEqual([group, namespace, false]);
    }
  });

  it("ten thousand groups are no right, and neither the cloud nor the cluster falls", async () => {
    const groups = Array.from({ length: 10_000 }, (_, i) => `g${i}`);
    expect(await may(groups, "get", "customer-a-dev")).toBe(false);
    const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-many" });
    const refused = await cloud.federated("customer-a", token).then(
      (answer) => answer.status,
      () => 0,
    );
    expect(refused).not.toBe(201);
    expect((await asKeystone([mine], "p-after")).domains).toHaveLength(1);
  });

  it.each([
    ["system:admin", "system:serviceaccount:kube-system:x"],
    ["{0}", "p-{groups}"],
  ])("a subject or user name with %s or %s stays a plain person", async (...names) => {
    for (const name of names) {
      expect(await may([], "get", "kube-system", { sub: name, preferred_username: name })).toBe(false);
      const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups: [], preferred_username: name });
      const login = await cloud.federated("customer-a", token);
      expect([login.status, login.body.token?.user.domain.name ?? "customer-a"]).toEqual([login.status, "customer-a"]);
      expect(login.body.token?.user["OS-FEDERATION"].groups ?? []).toEqual([]);
    }
  });
});

describe("two tenants, the same user name, the same names of groups", () => {
  it("each has its own rights on its own domain, and nothing of the other's", async () => {
    const seen = new Map<string, string>();
    for (const [tenant, other] of [
      ["customer-a", "customer-b"],
      ["customer-b", "customer-a"],
    ] as const) {
      const groups = [`cp.${tenant}.developer`, `cp.${tenant}.domain-manager`, `cp.${other}.domain-manager`];
      const token = await cloud.issuer.mint({ tenant, aud: "gx1", groups, sub: `p-${tenant}` });
      const { body, token: unscoped } = await cloud.federated(tenant, token);
      expect([body.token.user.name, body.token.user.domain.name]).toEqual(["alice", tenant]);
      expect((await cloud.scopeTo(unscoped, undefined, tenant)).status).toBe(201);
      expect((await cloud.scopeTo(unscoped, undefined, other)).status).toBe(401);
      expect((await cloud.scopeTo(unscoped, "dev", other)).status).toBe(401);
      expect((await cloud.federated(other, token)).status).not.toBe(201);
      seen.set(tenant, body.token.user.id);
    }
    expect(seen.get("customer-a")).not.toBe(seen.get("customer-b"));
  });
});
