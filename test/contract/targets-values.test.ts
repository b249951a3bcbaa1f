import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type IdentityProviderAlias, instant, subjectId, type TenantName } from "../../src/core/index.ts";
import { groupsFor, type LoginFacts } from "../../src/policy/index.ts";
import { applyPolicy } from "./target-rigs.ts";
import { startTestCloud, type TestCloud } from "./targets-cloud.ts";
import { startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { target } from "./targets-policy.ts";

// S-49: what an identity provider may say, in tokens that are signed as the broker's are.

let cloud: TestCloud;
let cluster: TestCluster;
beforeAll(async () => {
  [cloud, cluster] = [await startTestCloud(), await startTestCluster()];
  await cloud.apply();
  await applyPolicy(cluster.policy, "prod1", cluster.connection);
}, 300_000);
afterAll(async () => {
  await cloud?.stop();
  await cluster?.stop();
});

// A right on the cloud and on the cluster: what is nearly this name must be none.
const mine = "cp.customer-a.developer";
const theirs = "cp.customer-b.developer";
const hostile: readonly [string, readonly string[]][] = [
  ["quotes", [`'${mine}'`, `"${mine}"`]],
  ["brackets", [`['${mine}']`, `[${mine}]`, `{${mine}}`, "{0}", "{0[1]}", "{{0}}"]],
  ["an object in JSON", [`JSON:{"name":"${theirs}","domain":{"name":"customer-b"}}`, `{"name":"${mine}"}`]],
  ["separators", [`x;${theirs}`, `x,${mine}`, `${mine} `, ` ${mine}`, `${mine}\t`]],
  ["the letters name", ["name", "hostname-admins", `name:${mine}`]],
  [
    "groups of Kubernetes and Keystone",
    ["system:masters", "SYSTEM:MASTERS", "system:authenticated", "admin", "admins"],
  ],
  ["look-alikes", ["cp.customer-\u0430.developer", "\uff43\uff50.customer-a.developer", "sy\u0455tem:masters"]],
  [
    "other Unicode forms",
    [
      "cp.custome\u0301r-a.developer",
      mine.normalize("NFD").replace("e", "e\u0301"),
      `${mine}\u200b`,
      `\ufeff${mine}`,
      `\u202e${mine}`,
    ],
  ],
  ["other cases", [mine.toUpperCase(), "Cp.customer-a.developer"]],
  ["parts and more", ["cp.customer-a", `${mine}.x`, `x.${mine}`, "cp.*", "^cp", ".*", "%"]],
];

/** What a person of customer A is on the cloud: one that is let in, so that no right is missing for another reason. */
const asKeystone = async (groups: readonly string[], sub: string) => {
  const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub });
  const login = await cloud.logIn("customer-a", token);
  expect([groups, login.status]).toEqual([groups, 201]);
  const [domains, projects] = await Promise.all(
    ["domains", "projects"].map(async (of) => (await cloud.ask("GET", `/auth/${of}`, undefined, login.token)).body[of]),
  );
  return {
    groups: login.body.token.user["OS-FEDERATION"].groups,
    domains,
    projects: projects.map((p: { name: string }) => p.name),
  };
};

const may = async (groups: unknown, verb: string, namespace: string, more: object = {}) => {
  const token = await cluster.issuer.mint({ tenant: "customer-a", aud: "prod1", groups, ...more });
  const spec = { resourceAttributes: { verb, resource: "secrets", namespace } };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const { status, body } = await cluster.ask("POST", path, { spec }, token);
  expect([groups, status]).toEqual([groups, 201]);
  return body.status.allowed as boolean;
};
const namespaces = ["customer-a-dev", "customer-b-dev", "kube-system"];
const mayRead = async (groups: readonly string[], more: object = {}): Promise<string[]> => {
  const allowed = await Promise.all(namespaces.map((namespace) => may(groups, "get", namespace, more)));
  return namespaces.filter((_, i) => allowed[i]);
};

describe("hostile values at a real Keystone and a real API server", () => {
  it("beside a real right change nothing of it: that one is had, and no other", async () => {
    const groups = [mine, ...hostile.flatMap(([, values]) => values)];
    expect(await asKeystone(groups, "p-beside")).toMatchObject({ groups: [{}], domains: [], projects: ["dev"] });
    expect(await mayRead(groups)).toEqual(["customer-a-dev"]);
  });

  it.each(hostile)("groups with %s are no right anywhere", async (_, groups) => {
    for (const group of [...groups.map((g) => [g]), groups]) {
      expect([group, await asKeystone(group, "p-hostile")]).toEqual([group, { groups: [], domains: [], projects: [] }]);
      expect([group, await mayRead(group)]).toEqual([group, []]);
    }
  });

  it("a group with a NUL lets nobody in to the cloud at all, and is no right on the cluster", async () => {
    const groups = [`${mine}\u0000x`];
    const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-nul" });
    expect((await cloud.logIn("customer-a", token)).status).toBe(401);
    expect(await mayRead(groups)).toEqual([]);
  });

  it("groups of another tenant are no right on the cloud, though the broker itself had signed them", async () => {
    const groups = [theirs, "cp.customer-b.domain-manager", "cp.customer-b.auditor"];
    expect(await asKeystone(groups, "p-hostile")).toEqual({ groups: [], domains: [], projects: [] });
  });

  it("ten thousand groups are no right, and neither the cloud nor the cluster falls", async () => {
    const groups = Array.from({ length: 10_000 }, (_, i) => `g${i}`);
    expect(await mayRead(groups)).toEqual([]);
    const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups, sub: "p-many" });
    const refused = await cloud.logIn("customer-a", token).then(
      (answer) => answer.status,
      () => 0,
    );
    expect(refused).not.toBe(201);
    expect((await asKeystone([mine], "p-after")).projects).toEqual(["dev"]);
    expect(await mayRead([mine])).toEqual(["customer-a-dev"]);
  });

  it.each([
    ["system:admin", "system:serviceaccount:kube-system:x"],
    ["{0}", "p-{groups}"],
  ])("a subject or user name with %s or %s stays a plain person", async (...names) => {
    for (const name of names) {
      expect(await may([], "get", "kube-system", { sub: name, preferred_username: name })).toBe(false);
      const token = await cloud.issuer.mint({ tenant: "customer-a", aud: "gx1", groups: [], preferred_username: name });
      const login = await cloud.logIn("customer-a", token);
      expect([login.status, login.body.token?.user.domain.name]).toEqual([201, "customer-a"]);
      expect(login.body.token?.user["OS-FEDERATION"].groups).toEqual([]);
    }
  });
});

describe("two tenants, the same user name, the same names of groups", () => {
  const tenants = [
    ["customer-a", "customer-b"],
    ["customer-b", "customer-a"],
  ] as const;
  /** Alice of either tenant, as their identity providers say her: the same to the letter but for the provider. */
  const alice = (tenant: string): LoginFacts => ({
    tenant: tenant as TenantName,
    identityProvider: `${tenant}-idp` as IdentityProviderAlias,
    claims: { sub: "alice", preferred_username: "alice", groups: ["developers", "platform", "auditors"] },
    amr: [],
    loginMethod: "browser",
    client: "cloudpass",
    at: instant(1_900_000_000),
  });
  /** What the broker puts into her token for a target. */
  const claimsFor = (tenant: string, name: string) => ({
    tenant,
    aud: name,
    sub: subjectId("https://kc.example/realms/scs", "alice", tenant as TenantName),
    groups: groupsFor(cloud.policy.decide(alice(tenant), target(name)), target(name)),
  });

  it("each has its own rights on its own domain of the cloud, and nothing of the other's", async () => {
    const seen = new Map<string, string>();
    for (const [tenant, other] of tenants) {
      const claims = claimsFor(tenant, "gx1");
      expect(claims.groups).toContain(`cp.${tenant}.developer`);
      // With the other's groups besides, as no policy would have them: the mapping is a lock of its own.
      const groups = [...claims.groups, ...claimsFor(other, "gx1").groups];
      const token = await cloud.issuer.mint({ ...claims, groups });
      const { body, token: unscoped } = await cloud.logIn(tenant, token);
      expect([body.token.user.name, body.token.user.domain.name]).toEqual(["alice", tenant]);
      expect((await cloud.scopeTo(unscoped, "dev", tenant)).status).toBe(201);
      expect((await cloud.scopeTo(unscoped, "dev", other)).status).toBe(401);
      expect((await cloud.scopeTo(unscoped, undefined, other)).status).toBe(401);
      expect((await cloud.logIn(other, token)).status).toBe(403);
      seen.set(tenant, body.token.user.id);
    }
    expect(seen.get("customer-a")).not.toBe(seen.get("customer-b"));
  });

  it("each has its own rights in its own namespace of the cluster, and nothing in the other's", async () => {
    const names = new Set<string>();
    for (const [tenant] of tenants) {
      const claims = claimsFor(tenant, "prod1");
      expect(await mayRead(claims.groups, claims)).toEqual([`${tenant}-dev`]);
      const token = await cluster.issuer.mint(claims);
      const { body } = await cluster.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {}, token);
      const { username, groups, extra } = body.status.userInfo;
      expect(extra["cloudpass/preferred-username"]).toEqual(["alice"]);
      expect(groups.filter((g: string) => !g.startsWith(`cp:cp.${tenant}.`))).toEqual(["system:authenticated"]);
      names.add(username);
    }
    expect(names.size).toBe(2);
  });
});
