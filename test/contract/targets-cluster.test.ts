import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantName } from "../../src/core/index.ts";
import {
  applyTarget,
  authenticationConfiguration,
  clusterHoldingsOfTenant,
  endHoldings,
  examineCluster,
  formatApplied,
  type KubernetesConnection,
  planTarget,
  type SignTrial,
} from "../../src/targets/index.ts";
import { applyManifest, collections, operatorAccount, startTestCluster, type TestCluster } from "./targets-cluster.ts";
import { deps, examplePolicy, target, until } from "./targets-policy.ts";

let cluster: TestCluster;
let narrow: KubernetesConnection;
beforeAll(async () => {
  cluster = await startTestCluster();
  narrow = await operatorAccount(cluster);
}, 240_000);
afterAll(() => cluster?.stop());

const prod1 = target("prod1");
const apply = async (connection: KubernetesConnection) =>
  formatApplied(await applyTarget(await planTarget(cluster.policy, prod1, connection, deps)));

describe("the account of deploy/kubernetes/operator.yaml", () => {
  it("is enough to apply the policy", async () => {
    expect(await apply(narrow)).toBe("6 steps done and verified");
  });

  it("cannot give more than the named roles, nor read or change anything else", async () => {
    const token = narrow.token?.reveal() ?? "";
    const bind = (role: string) =>
      cluster.ask(
        "POST",
        "/apis/rbac.authorization.k8s.io/v1/namespaces/customer-a-dev/rolebindings",
        {
          metadata: { name: `own-${role.split(":").join("-")}` },
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
          subjects: [{ kind: "ServiceAccount", name: "cloudpass", namespace: "cloudpass" }],
        },
        token,
      );
    for (const role of ["cluster-admin", "admin", "system:controller:namespace-controller"])
      expect((await bind(role)).status).toBe(403);
    const asked = [
      ["GET", "/api/v1/secrets"],
      ["GET", "/api/v1/namespaces/kube-system/configmaps"],
      ["DELETE", "/api/v1/namespaces/customer-a-dev"],
      ["PATCH", `${collections["ClusterRole"]}/cloudpass-operator`],
      ["POST", `${collections["ServiceAccount"]}/cloudpass/token`],
    ] as const;
    for (const [method, path] of asked) {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const sent = method === "GET" || method === "DELETE" ? undefined : {};
      const { status } = await cluster.ask(method, path, sent, token, type);
      expect([path, status]).toEqual([path, 403]);
    }
  });
});

describe("what the account may not do is said by the plan, before anything is done", () => {
  const plan = (changes: readonly [string, string][]) => planTarget(cluster.changed(changes), prod1, narrow, deps);

  it("in a namespace that was there before, until it is marked as the tenant's", async () => {
    await cluster.ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } });
    const change: [string, string][] = [["prod1: [customer-a-dev]", "prod1: [customer-a-dev, shop]"]];
    const planned = await plan(change);
    expect(planned.refused.map((message) => message.replace(/[0-9a-f]{12}/, "HASH"))).toEqual([
      "create role-binding shop/cloudpass:cp.customer-a.developer:HASH: the limits of our account refuse it (403): " +
        "the namespace is no tenant's. Label it cloudpass/tenant=<tenant>, unless it is the cluster's own",
    ]);
    expect(formatApplied(await applyTarget(planned))).toContain("Label it cloudpass/tenant=<tenant>");
    const labels = { "cloudpass/tenant": "customer-a" };
    const merge = "application/merge-patch+json";
    await cluster.ask("PATCH", "/api/v1/namespaces/shop", { metadata: { labels } }, undefined, merge);
    const marked = await plan(change);
    expect(marked.refused).toEqual([]);
    expect(formatApplied(await applyTarget(marked))).toBe("2 steps done and verified");
    expect(await apply(narrow)).toBe("2 steps done and verified");
  });

  it("in the whole cluster, until the second manifest is applied; even then with its roles only", async () => {
    const wide = (role: string): [string, string][] => [
      ["roles: [view, edit]", `roles: [view, edit]\n    clusterWide: [${role}]`],
      ["kubernetes: { role: view, in: tenant-namespaces }", `kubernetes: { clusterRole: ${role} }`],
    ];
    const binding = "create cluster-role-binding cloudpass:cp.customer-a.auditor:HASH";
    const refusals = async (role: string) =>
      (await plan(wide(role))).refused.map((message) => message.replace(/[0-9a-f]{12}/, "HASH"));
    expect(await refusals("view")).toEqual([
      `${binding}: our account may not do this (403): it needs the rights of deploy/kubernetes/operator.yaml, bind on the ` +
        "ClusterRoles of the policy among them, and for the whole cluster those of operator-cluster-wide.yaml",
    ]);
    await applyManifest(cluster, "operator-cluster-wide.yaml");
    await until(async () => (await refusals("view")).length === 0);
    expect(await refusals("edit")).toEqual([
      `${binding}: the limits of our account refuse it (403): this role was not named to cloudpass for the whole ` +
        "cluster. Add it to operator-cluster-wide.yaml",
    ]);
    expect(formatApplied(await applyTarget(await plan(wide("view"))))).toBe("2 steps done and verified");
    const path = `${collections["ClusterRoleBinding"]}`;
    const token = narrow.token?.reveal() ?? "";
    const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
    const metadata = { name: "cloudpass:own", labels: { "app.kubernetes.io/managed-by": "cloudpass" } };
    const itself = { kind: "ServiceAccount", name: "cloudpass", namespace: "cloudpass" };
    const tried = [
      await cluster.ask("POST", path, { metadata, roleRef: role, subjects: [itself] }, token),
      await cluster.ask("DELETE", `${path}/system:discovery`, undefined, token),
    ];
    expect(tried.map((r) => r.status)).toEqual([403, 403]);
    expect(await apply(narrow)).toBe("2 steps done and verified");
  });
});

const nobody = { sub: "p-doctor", tenant: "urn:cloudpass:tenant:-doctor", preferred_username: "doctor" };
const sign: SignTrial = (typ, { powerful, ...claims }) =>
  cluster.issuer.sign(typ, { ...claims, ...nobody, groups: powerful ? ["system:masters"] : [] });

async function examine(as: KubernetesConnection = narrow) {
  const found = cluster.policy.targets.get(prod1);
  if (found?.kind !== "kubernetes") throw new Error("no cluster");
  const options = { issuer: cluster.issuer.issuer, sign };
  return (await examineCluster(found, as, options, deps)).findings;
}

describe("doctor cluster on a real API server", () => {
  it("finds nothing wrong with a cluster that was set up by the book, with the narrow account", async () => {
    const findings = await examine();
    expect(findings.filter((f) => f.level !== "ok")).toEqual([]);
    expect(findings.map((f) => `${f.about}: ${f.message.replace(/\d+ (s|rules)/, "N $1")}`)).toEqual([
      expect.stringMatching(/^API: Kubernetes v1\./),
      expect.stringMatching(/^clock: its clock agrees with ours/),
      "ClusterRole view: N rules",
      "ClusterRole edit: N rules",
      "account: it can give nothing in the cluster's own namespaces",
      "tokens: a good token is honoured: the API server reaches the issuer and knows this cluster's name",
      "prefix: people are called cp:…",
      "tokens: a token for another target is refused (401)",
      "tokens: a token of another issuer is refused (401)",
      "tokens: an ID token for this cluster is honoured, as kubelogin needs it",
      "tokens: a token that has expired is refused (401)",
      "tokens: a token without a signature is refused (401)",
      "tokens: a token with another's signature is refused (401)",
      "prefix: a token that says system:masters gets no special rights",
      "configuration: no refused authentication file",
      "keys: the issuer's keys were fetched N s ago",
    ]);
  });

  it("warns of an account that could give roles in kube-system, as a cluster-admin can", async () => {
    const warned = (await examine(cluster.connection)).filter((f) => f.level !== "ok");
    expect(warned.map((f) => `${f.level} ${f.about}: ${f.message}`)).toEqual([
      "warn account: it can give roles in kube-system (201): whoever steals it may become cluster-admin",
    ]);
  });

  it("finds an authentication file without prefix, and one that the API server refused", async () => {
    const good = authenticationConfiguration(examplePolicy({}), [prod1], { ...cluster.issuer, caPem: cluster.caPem });
    const bare = JSON.parse(JSON.stringify(good).replaceAll('"prefix":"cp:"', '"prefix":""'));
    delete bare.jwt[0].userValidationRules;
    cluster.rig.writeAuthenticationConfiguration(bare);
    await until(async () =>
      (await examine()).some((f) => f.level === "fail" && f.message.includes("is cluster-admin")),
    );
    expect((await examine()).filter((f) => f.level === "fail").map((f) => f.message)).toEqual([
      "people are not called cp:… as the policy says",
      "a token that says system:masters is cluster-admin",
    ]);
    cluster.rig.writeAuthenticationConfiguration({ ...bare, jwt: "broken" });
    await until(async () => (await examine()).some((f) => f.about === "configuration" && f.level === "fail"));
    cluster.rig.writeAuthenticationConfiguration(good);
    await until(async () => (await examine()).every((f) => f.level === "ok"));
  }, 90_000);
});

describe("a tenant that leaves", () => {
  it("loses its bindings and nothing else; what is not ours stays, and so does the other tenant", async () => {
    const token = (tenant: string) => cluster.issuer.mint({ tenant, aud: "prod1", groups: [`cp.${tenant}.developer`] });
    const may = async (tenant: string) => cluster.may(await token(tenant), "create", `${tenant}-dev`);
    expect([await may("customer-a"), await may("customer-b")]).toEqual([true, true]);
    const copied = {
      metadata: {
        name: "copied",
        labels: { "app.kubernetes.io/managed-by": "cloudpass", "cloudpass/tenant": "customer-a" },
      },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
      subjects: [],
    };
    const bindings = "/apis/rbac.authorization.k8s.io/v1/namespaces/customer-a-dev/rolebindings";
    await cluster.ask("POST", bindings, copied);
    const at = { name: prod1, connection: narrow };
    const reach = () => clusterHoldingsOfTenant(examplePolicy({}), "customer-a" as TenantName, at, deps);
    const { holdings, others } = await reach();
    expect(others).toEqual([]);
    expect(holdings.map((h) => `${h.where}: ${h.what.replace(/[0-9a-f]{12}/, "HASH")}`)).toEqual([
      "cluster prod1: view in namespace customer-a-dev (cloudpass:cp.customer-a.auditor:HASH)",
      "cluster prod1: edit in namespace customer-a-dev (cloudpass:cp.customer-a.developer:HASH)",
    ]);
    expect((await endHoldings(holdings)).map((p) => p.outcome)).toEqual(["ended", "ended"]);
    expect((await reach()).holdings).toEqual([]);
    expect((await cluster.ask("GET", `${bindings}/copied`)).status).toBe(200);
    await until(async () => (await may("customer-a")) === false);
    expect(await may("customer-b")).toBe(true);
  });
});
