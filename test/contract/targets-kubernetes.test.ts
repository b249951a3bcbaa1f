import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longestAccessToken, Secret } from "../../src/core/index.ts";
import { formatKey, formatPlan } from "../../src/reconcile/index.ts";
import { applyTarget, formatApplied, planTarget } from "../../src/targets/index.ts";
import { applyPolicy } from "./target-rigs.ts";
import { startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { deps, target } from "./targets-policy.ts";

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster();
}, 240_000);
afterAll(() => cluster?.stop());

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const bindingsIn = `${rbac}/namespaces/customer-a-dev/rolebindings`;

const plan = (changes: readonly [string, string][] = []) =>
  planTarget(cluster.changed(changes), target("prod1"), cluster.connection, deps);

const apply = async (changes: readonly [string, string][] = []) =>
  (await applyPolicy(cluster.changed(changes), "prod1", cluster.connection)).map((step) =>
    step.replace(/:[0-9a-f]{12}$/, ":HASH"),
  );

async function versions(): Promise<string[]> {
  const { body } = await cluster.ask(
    "GET",
    `${rbac}/rolebindings?labelSelector=app.kubernetes.io/managed-by=cloudpass`,
  );
  return body.items.map(
    (i: { metadata: { name: string; resourceVersion: string } }) => `${i.metadata.name} ${i.metadata.resourceVersion}`,
  );
}

const subject = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });
const foreign = (name: string, more: object = {}) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name, ...more },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [subject("somebody")],
});

describe("a real API server", () => {
  it("takes the whole policy once, and the second time nothing is written", async () => {
    expect(await apply()).toEqual([
      "build create namespace customer-a-dev",
      "build create namespace customer-b-dev",
      "build create role-binding customer-a-dev/cloudpass:cp.customer-a.auditor:HASH",
      "build create role-binding customer-a-dev/cloudpass:cp.customer-a.developer:HASH",
      "build create role-binding customer-b-dev/cloudpass:cp.customer-b.auditor:HASH",
      "build create role-binding customer-b-dev/cloudpass:cp.customer-b.developer:HASH",
    ]);
    const before = await versions();
    expect(await apply()).toEqual([]);
    expect(await versions()).toEqual(before);
  });

  it("leaves bindings made by hand alone, even with our label copied onto them", async () => {
    const labels = { "app.kubernetes.io/managed-by": "cloudpass" };
    expect((await cluster.ask("POST", bindingsIn, foreign("by-hand"))).status).toBe(201);
    expect((await cluster.ask("POST", bindingsIn, foreign("copied", { labels }))).status).toBe(201);
    expect(await apply()).toEqual([]);
    expect((await cluster.ask("GET", `${bindingsIn}/by-hand`)).status).toBe(200);
    expect((await cluster.ask("GET", `${bindingsIn}/copied`)).status).toBe(200);
  });

  it("removes the binding of a removed grant, before anything is given, and keeps what was made by hand", async () => {
    const change: [string, string][] = [
      ["  - { id: dev, give: developer, to: developers, at: [gx1, gx2, prod1] }\n", ""],
      ["  auditor:\n", "  watcher:\n    - kubernetes: { role: view, in: tenant-namespaces }\n  auditor:\n"],
      ["give: domain-manager, to: platform, at: [gx1, gx2]", "give: watcher, to: platform, at: [prod1]"],
    ];
    expect(await apply(change)).toEqual([
      "revoke delete role-binding customer-a-dev/cloudpass:cp.customer-a.developer:HASH",
      "build create role-binding customer-a-dev/cloudpass:cp.customer-a.watcher:HASH",
    ]);
    expect((await cluster.ask("GET", `${bindingsIn}/by-hand`)).status).toBe(200);
    expect(await apply()).toHaveLength(2);
  });

  describe("what others gave to a group of ours (R11)", () => {
    const developers = subject("cp:cp.customer-a.developer");
    const theirs = `in namespace customer-a-dev to cp:cp.customer-a.developer beyond the policy`;

    it("is said by plan and apply, and left alone", async () => {
      const given = { ...foreign("theirs"), subjects: [subject("somebody"), developers] };
      const wide = { ...foreign("theirs-wide"), kind: "ClusterRoleBinding", subjects: [developers] };
      expect((await cluster.ask("POST", bindingsIn, given)).status).toBe(201);
      expect((await cluster.ask("POST", `${rbac}/clusterrolebindings`, wide)).status).toBe(201);
      const planned = await plan();
      expect(planned.leftOut).toEqual([
        expect.stringContaining(`role-binding customer-a-dev/theirs gives ClusterRole view ${theirs}`),
        expect.stringContaining("cluster-role-binding theirs-wide gives ClusterRole view in the whole cluster"),
      ]);
      expect(await apply()).toEqual([]);
      expect((await cluster.ask("GET", `${bindingsIn}/theirs`)).status).toBe(200);
    });

    it("also when it carries our label and name, or is a binding of ours with another subject beside", async () => {
      const labels = { "app.kubernetes.io/managed-by": "cloudpass" };
      const copied = { ...foreign("cloudpass:copied", { labels }), subjects: [developers] };
      expect((await cluster.ask("POST", bindingsIn, copied)).status).toBe(201);
      expect((await plan()).leftOut.join("\n")).toContain("role-binding customer-a-dev/cloudpass:copied gives");
      for (const name of ["theirs", "cloudpass:copied"]) await cluster.ask("DELETE", `${bindingsIn}/${name}`);
      await cluster.ask("DELETE", `${rbac}/clusterrolebindings/theirs-wide`);
      expect((await plan()).leftOut).toEqual([]);
    });
  });

  describe("a ClusterRole that is not there (R11)", () => {
    const wanted: [string, string][] = [
      ["roles: [view, edit]", "roles: [view, edit, deployer]"],
      ["kubernetes: [edit, view]", "kubernetes: [edit, view, deployer]"],
      ["kubernetes: { role: edit, in: tenant-namespaces }", "kubernetes: { role: deployer, in: tenant-namespaces }"],
    ];
    const mayEdit = async () => {
      const token = await cluster.issuer.mint({
        tenant: "customer-a",
        aud: "prod1",
        groups: ["cp.customer-a.developer"],
      });
      return cluster.may(token, "create", "customer-a-dev");
    };

    it("is said, and what it is to replace stays, while the rest is done", async () => {
      const planned = await plan([
        ...wanted,
        ["kubernetes: { role: view, in: tenant-namespaces }", "kubernetes: { role: edit, in: tenant-namespaces }"],
      ]);
      expect(planned.waiting).toEqual([
        "the ClusterRole deployer is not there, and the binding to it waits: create it there, or take it out of the policy",
      ]);
      const formatted = formatPlan(planned.plan);
      expect(formatted).toContain("stays: the ClusterRole deployer, which takes its place, is not there yet");
      expect(planned.plan.steps.map(({ key }) => key).filter((key) => key.includes("developer"))).toEqual([]);
      expect(planned.plan.steps.map(({ action }) => action)).toEqual(["delete", "create"]);
      expect(await applyTarget(planned)).toMatchObject({ outcome: "applied" });
      expect(await mayEdit()).toBe(true);
      expect(await apply(wanted)).toHaveLength(2);
    });

    it("takes its place as soon as it is there, and when it goes before that is done nothing is taken", async () => {
      const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create"] }];
      const deployer = { metadata: { name: "deployer" }, rules };
      expect((await cluster.ask("POST", `${rbac}/clusterroles`, deployer)).status).toBe(201);
      const planned = await plan(wanted);
      expect([planned.waiting, planned.plan.kept]).toEqual([[], []]);
      await cluster.ask("DELETE", `${rbac}/clusterroles/deployer`);
      const stopped = await applyTarget(planned);
      expect([stopped.outcome, stopped.done]).toEqual(["stopped", []]);
      expect(formatApplied(stopped)).toContain("deployer is there no longer, and what it replaces stays");
      expect(await mayEdit()).toBe(true);
      expect((await cluster.ask("POST", `${rbac}/clusterroles`, deployer)).status).toBe(201);
      expect(await apply(wanted)).toHaveLength(2);
      expect(await mayEdit()).toBe(true);
    });

    it("whose binding is there already keeps it, and it is said", async () => {
      await cluster.ask("DELETE", `${rbac}/clusterroles/deployer`);
      const planned = await plan(wanted);
      expect([planned.plan.steps, planned.waiting.length]).toEqual([[], 1]);
      expect(await apply()).toHaveLength(2);
    });
  });

  it("changes a role under a new name, since a roleRef cannot be changed", async () => {
    const change: [string, string][] = [
      ["kubernetes: { role: edit, in: tenant-namespaces }", "kubernetes: { role: view, in: tenant-namespaces }"],
    ];
    expect(await apply(change)).toEqual([
      "revoke delete role-binding customer-a-dev/cloudpass:cp.customer-a.developer:HASH",
      "build create role-binding customer-a-dev/cloudpass:cp.customer-a.developer:HASH",
    ]);
    expect(await apply()).toHaveLength(2);
  });

  it("what both roles allow is missing for a moment only while one takes the place of the other", async () => {
    const token = await cluster.issuer.mint({
      tenant: "customer-a",
      aud: "prod1",
      groups: ["cp.customer-a.developer"],
    });
    const done = new AbortController();
    let [first, last] = [Number.POSITIVE_INFINITY, 0];
    const watch = async () => {
      while (!done.signal.aborted) {
        if (await cluster.may(token, "get", "customer-a-dev")) continue;
        first = Math.min(first, performance.now());
        last = performance.now();
      }
    };
    const watching = [watch(), watch()];
    await apply([
      ["kubernetes: { role: edit, in: tenant-namespaces }", "kubernetes: { role: view, in: tenant-namespaces }"],
    ]);
    await deps.clock.sleep(500);
    done.abort();
    await Promise.all(watching);
    expect(last - Math.min(first, last)).toBeLessThan(2000);
    expect(await cluster.may(token, "get", "customer-a-dev")).toBe(true);
    expect(await apply()).toHaveLength(2);
  });

  it("takes back what others changed in our bindings: subjects first away, then as they should be", async () => {
    const [name = ""] = (await versions())
      .map((v) => v.split(" ")[0] ?? "")
      .filter((n) => n.includes("customer-a.developer"));
    const patch = {
      subjects: [subject("cp:cp.customer-a.developer"), subject("evil")],
      metadata: { labels: { "cloudpass/set": "x" } },
    };
    expect(
      (await cluster.ask("PATCH", `${bindingsIn}/${name}`, patch, undefined, "application/merge-patch+json")).status,
    ).toBe(200);
    const done = await apply();
    expect(done[0]).toBe("revoke update role-binding customer-a-dev/cloudpass:cp.customer-a.developer:HASH");
    const { body } = await cluster.ask("GET", `${bindingsIn}/${name}`);
    expect(body.subjects).toEqual([subject("cp:cp.customer-a.developer")]);
    expect(body.metadata.labels["cloudpass/set"]).toBe("developer");
    expect(await apply()).toEqual([]);
  });

  it("applies nothing while a binding of a wanted name is somebody else's", async () => {
    const developer = (await plan()).desired.find((r) => formatKey(r.key).includes("customer-b.developer"));
    const [namespace, name = ""] = formatKey(developer?.key ?? "").split("/");
    const path = `${rbac}/namespaces/${namespace}/rolebindings`;
    await cluster.ask("DELETE", `${path}/${name}`);
    await cluster.ask("POST", path, foreign(name));
    const planned = await plan();
    expect(planned.plan.conflicts.map((c) => c.key)).toEqual([formatKey(developer?.key ?? "")]);
    expect(await applyTarget(planned)).toMatchObject({ outcome: "conflict" });
    await cluster.ask("DELETE", `${path}/${name}`);
    expect(await apply()).toHaveLength(1);
  });

  it("the narrowest account can apply the policy, and cannot bind a ClusterRole that was not named to it", async () => {
    const rules = [
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list", "create", "patch"] },
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["rolebindings", "clusterrolebindings"],
        verbs: ["get", "list", "create", "patch", "delete"],
      },
      {
        apiGroups: ["rbac.authorization.k8s.io"],
        resources: ["clusterroles"],
        verbs: ["bind"],
        resourceNames: ["view", "edit"],
      },
    ];
    const group = { apiGroup: "rbac.authorization.k8s.io" };
    const account = { kind: "ServiceAccount", name: "narrow", namespace: "customer-b-dev" };
    await cluster.ask("POST", "/api/v1/namespaces/customer-b-dev/serviceaccounts", { metadata: { name: "narrow" } });
    await cluster.ask("POST", `${rbac}/clusterroles`, { metadata: { name: "narrow" }, rules });
    const bound = {
      metadata: { name: "narrow" },
      roleRef: { ...group, kind: "ClusterRole", name: "narrow" },
      subjects: [account],
    };
    expect((await cluster.ask("POST", `${rbac}/clusterrolebindings`, bound)).status).toBe(201);
    const path = "/api/v1/namespaces/customer-b-dev/serviceaccounts/narrow/token";
    const token = new Secret((await cluster.ask("POST", path, { spec: {} })).body.status.token);
    const narrow = { server: cluster.rig.server, caPem: cluster.caPem, token };
    const removed = (await versions()).map((v) => v.split(" ")[0] ?? "").find((n) => n.includes("customer-a.auditor"));
    await cluster.ask("DELETE", `${bindingsIn}/${removed}`);
    const planned = await planTarget(cluster.policy, target("prod1"), narrow, deps);
    expect(planned.leftOut).toEqual([
      expect.stringContaining("whether the ClusterRoles edit, view are there is unknown"),
    ]);
    const applied = await applyTarget(planned);
    expect(formatApplied(applied)).toBe("1 step done and verified");
    const mighty: [string, string][] = [
      ["roles: [view, edit]", "roles: [view, edit, admin]\n    reviewed: [admin]"],
      ["kubernetes: [edit, view]", "kubernetes: [edit, view, admin]"],
      ["kubernetes: { role: view, in: tenant-namespaces }", "kubernetes: { role: admin, in: tenant-namespaces }"],
    ];
    const wanted = cluster.changed(mighty);
    const refused = await applyTarget(await planTarget(wanted, target("prod1"), narrow, deps));
    expect(refused).toMatchObject({ outcome: "stopped", failed: [{ action: "create" }] });
    expect(formatApplied(refused)).toContain("bind on the ClusterRoles of the policy");
    expect(await apply()).toHaveLength(1);
  });

  it("an account without the right to bind gets a sentence that says what it needs", async () => {
    await cluster.ask("POST", "/api/v1/namespaces/customer-a-dev/serviceaccounts", { metadata: { name: "weak" } });
    const path = "/api/v1/namespaces/customer-a-dev/serviceaccounts/weak/token";
    const token = (await cluster.ask("POST", path, { spec: {} })).body.status.token as string;
    const weak = { server: cluster.rig.server, caPem: cluster.caPem, token: new Secret(token) };
    const refused = planTarget(cluster.policy, target("prod1"), weak, deps);
    await expect(refused).rejects.toThrow(/kubernetes prod1: list .* our account may not do this \(403\)/);
  });
});

const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
const whoami = (token: string) =>
  cluster.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review, token);
describe("logins through the generated AuthenticationConfiguration", () => {
  it("a person comes with prefixed name and groups, and has the rights of the tenant's namespaces only", async () => {
    const token = await cluster.issuer.mint({
      tenant: "customer-a",
      aud: "prod1",
      groups: ["cp.customer-a.developer"],
    });
    const { status, body } = await whoami(token);
    expect(status).toBe(201);
    expect(body.status.userInfo).toEqual({
      username: "cp:p-0123456789abcdef",
      uid: "p-0123456789abcdef",
      groups: ["cp:cp.customer-a.developer", "system:authenticated"],
      extra: expect.objectContaining({
        "cloudpass/preferred-username": ["alice"],
        "cloudpass/tenant": ["urn:cloudpass:tenant:customer-a"],
      }),
    });
    expect([
      await cluster.may(token, "create", "customer-a-dev"),
      await cluster.may(token, "get", "customer-b-dev"),
    ]).toEqual([true, false]);
    const auditor = await cluster.issuer.mint({
      tenant: "customer-a",
      aud: "prod1",
      groups: ["cp.customer-a.auditor"],
    });
    expect([
      await cluster.may(auditor, "get", "customer-a-dev"),
      await cluster.may(auditor, "create", "customer-a-dev"),
    ]).toEqual([true, false]);
  });

  it("S-49: a token that says system:masters gets no special rights", async () => {
    const token = await cluster.issuer.mint({
      tenant: "customer-a",
      aud: "prod1",
      sub: "system:admin",
      groups: ["system:masters"],
    });
    expect((await whoami(token)).body.status.userInfo).toMatchObject({
      username: "cp:system:admin",
      groups: ["cp:system:masters", "system:authenticated"],
    });
    expect(await cluster.may(token, "get", "customer-a-dev")).toBe(false);
  });

  it.each([
    ["for another cluster", { aud: "prod2" }, 300],
    ["for a cloud", { aud: "gx1" }, 300],
    ["of another issuer", { iss: "https://evil.example" }, 300],
    ["without a tenant", { tenant: undefined }, 300],
    ["with too long a life", {}, 90_000],
    ["that lives a second longer than the broker's longest", {}, longestAccessToken + 1],
    ["that has expired", {}, -60],
  ])("a token %s is refused", async (_, claims, life) => {
    const token = await cluster.issuer.mint(
      { tenant: "customer-a", aud: "prod1", groups: [], ...claims } as never,
      life,
    );
    expect((await whoami(token)).status).toBe(401);
  });

  it("nobody is let in without a token but to the three health pages", async () => {
    const anonymous = (path: string) => cluster.ask("GET", path, undefined, "").then((r) => r.status);
    expect([await anonymous("/livez"), await anonymous("/version"), await anonymous("/api")]).toEqual([200, 401, 401]);
  });
});
