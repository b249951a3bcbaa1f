import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TenantName } from "../../src/core/index.ts";
import { mintName } from "../../src/policy/index.ts";
import { applyPolicy } from "./target-rigs.ts";
import { collections, operatorAccount, startTestCluster, type TestCluster } from "./targets-cluster.ts";

// S-80: somebody has stolen the token of the account in deploy/kubernetes/operator.yaml. What it can become is for the API
// server to say: every attack is sent to a real one.

let cluster: TestCluster;
let token: string;
const as = (method: string, path: string, body?: object, type?: string) => cluster.ask(method, path, body, token, type);

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const inNamespace = (namespace: string) => `${rbac}/namespaces/${namespace}/rolebindings`;
const merge = "application/merge-patch+json";
const serverSide = "application/apply-patch+yaml";

const group = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });
const developers = group("cp:cp.customer-a.developer");
const itself = { kind: "ServiceAccount", name: "cloudpass", namespace: "cloudpass" };
const role = (name: string, kind = "ClusterRole") => ({ apiGroup: "rbac.authorization.k8s.io", kind, name });
const labels = { "app.kubernetes.io/managed-by": "cloudpass" };
const marked = { ...labels, "cloudpass/tenant": "customer-a" };
const binding = (roleRef: object, subjects: readonly object[], metadata: object = {}) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "cloudpass:attack", labels, ...metadata },
  roleRef,
  subjects,
});

beforeAll(async () => {
  cluster = await startTestCluster();
  token = (await operatorAccount(cluster)).token?.reveal() ?? "";
  await applyPolicy(cluster.policy, "prod1", cluster.connection);
  // What was there before us, and is none of our business.
  await cluster.ask("POST", "/api/v1/namespaces", { metadata: { name: "monitoring", labels: { team: "ops" } } });
  for (const namespace of ["monitoring", "customer-a-dev"])
    await cluster.ask("POST", inNamespace(namespace), {
      ...binding(role("view"), [group("ops")]),
      metadata: { name: "by-hand" },
    });
  await cluster.ask("POST", collections["ClusterRoleBinding"] ?? "", {
    ...binding(role("view"), [group("ops")]),
    kind: "ClusterRoleBinding",
    metadata: { name: "by-hand" },
  });
}, 240_000);
afterAll(() => cluster?.stop());

/** Each is sent; answers those that went through. */
async function sent(attacks: readonly (readonly [string, () => ReturnType<typeof as>])[]): Promise<string[]> {
  const through: string[] = [];
  for (const [attackName, attack] of attacks) {
    const { status, body } = await attack();
    // An expression that fails refuses everything: that would be no judgement.
    if (status !== 403 || String(body.message).includes("resulted in error"))
      through.push(`${attackName}: ${status} ${body.message}`);
  }
  return through;
}

const bind = (namespace: string, roleRef: object, subjects: readonly object[], metadata?: object) => () =>
  as("POST", inNamespace(namespace), binding(roleRef, subjects, metadata));

describe("S-80: the stolen token of our account on a cluster", () => {
  it("does not read the secrets of kube-system, and becomes no account there", async () => {
    // As it was done: two requests to cluster-admin.
    const bound = await bind("kube-system", role("edit"), [itself])();
    const secrets = await as("GET", "/api/v1/namespaces/kube-system/secrets");
    const mighty = "/api/v1/namespaces/kube-system/serviceaccounts/clusterrole-aggregation-controller/token";
    const stolen = await as("POST", mighty, { spec: {} });
    expect([bound.status, secrets.status, stolen.status]).toEqual([403, 403, 403]);
  });

  it("gives nothing in namespaces that no tenant has, by whatever way of writing", async () => {
    const others = ["kube-system", "kube-public", "default", "cloudpass", "monitoring"];
    const ways = others.flatMap((namespace) => [
      [`create in ${namespace}`, bind(namespace, role("view"), [developers])] as const,
      [
        `apply in ${namespace}`,
        () =>
          as(
            "PATCH",
            `${inNamespace(namespace)}/cloudpass:attack?fieldManager=cloudpass&force=true`,
            binding(role("view"), [developers]),
            serverSide,
          ),
      ] as const,
    ]);
    expect(await sent(ways)).toEqual([]);
  });

  it("gives nothing to anybody but groups of ours, and in a tenant's namespace to that tenant's only", async () => {
    const subjects: [string, object[]][] = [
      ["itself", [itself]],
      ["another service account", [{ ...itself, name: "default", namespace: "customer-a-dev" }]],
      ["a person", [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "cp:p-1" }]],
      ["everybody", [group("system:authenticated")]],
      ["all service accounts", [group("system:serviceaccounts:cloudpass")]],
      ["a group without our prefix", [group("cp.customer-a.developer")]],
      ["a group that only begins like the tenant's", [group("cp:cp.customer-ab.developer")]],
      ["another tenant", [group("cp:cp.customer-b.developer")]],
      ["a good one and itself", [developers, itself]],
      ["a user with a group's name", [{ ...developers, kind: "User" }]],
    ];
    expect(await sent(subjects.map(([who, s]) => [who, bind("customer-a-dev", role("edit"), s)]))).toEqual([]);
  });

  it("gives no role that was not named to it, not even one of which it has all rights itself", async () => {
    const made = await cluster.ask("POST", `${rbac}/namespaces/customer-a-dev/roles`, {
      metadata: { name: "view" },
      rules: [],
    });
    expect(made.status).toBe(201);
    const roles = [
      ...["cluster-admin", "admin", "cloudpass-operator", "system:discovery", "system:basic-user"].map((name) =>
        role(name),
      ),
      role("view", "Role"),
    ];
    expect(await sent(roles.map((r) => [JSON.stringify(r), bind("customer-a-dev", r, [developers])]))).toEqual([]);
  });

  it("writes no binding that would not be known as ours, or that could not be deleted", async () => {
    const forms: [string, object][] = [
      ["another name", { name: "attack" }],
      ["a name that the server makes", { name: undefined, generateName: "attack-" }],
      ["no label", { labels: {} }],
      ["another's label", { labels: { "app.kubernetes.io/managed-by": "helm" } }],
      ["a finalizer", { finalizers: ["example.org/never"] }],
    ];
    expect(
      await sent(forms.map(([attackName, m]) => [attackName, bind("customer-a-dev", role("view"), [developers], m)])),
    ).toEqual([]);
  });

  it("neither changes nor deletes what others made, nor takes it for its own by our label", async () => {
    const theirs = ["monitoring", "customer-a-dev"].map((namespace) => `${inNamespace(namespace)}/by-hand`);
    theirs.push(
      `${collections["ClusterRoleBinding"]}/by-hand`,
      `${collections["ClusterRoleBinding"]}/system:discovery`,
    );
    const attacks = theirs.flatMap((path) => [
      [`label ${path}`, () => as("PATCH", path, { metadata: { labels } }, merge)] as const,
      [`subjects ${path}`, () => as("PATCH", path, { subjects: [developers] }, merge)] as const,
      [
        `apply ${path}`,
        () =>
          as(
            "PATCH",
            `${path}?fieldManager=cloudpass&force=true`,
            {
              ...binding(role("view"), [developers], { name: path.split("/").at(-1) }),
              kind: path.includes("clusterrolebindings") ? "ClusterRoleBinding" : "RoleBinding",
            },
            serverSide,
          ),
      ] as const,
      [`delete ${path}`, () => as("DELETE", path)] as const,
    ]);
    expect(await sent(attacks)).toEqual([]);
    expect(await sent([["all at once", () => as("DELETE", inNamespace("customer-a-dev"))]])).toEqual([]);
  });

  it("gives nothing in the whole cluster", async () => {
    const wide = { ...binding(role("view"), [developers]), kind: "ClusterRoleBinding" };
    const path = collections["ClusterRoleBinding"] ?? "";
    const one = `${path}/cloudpass:attack?fieldManager=cloudpass&force=true`;
    expect(
      await sent([
        ["create", () => as("POST", path, wide)],
        ["apply", () => as("PATCH", one, wide, serverSide)],
      ]),
    ).toEqual([]);
  });

  it("makes no namespace its own, and none that may more than others", async () => {
    const path = "/api/v1/namespaces";
    const create = (name: string, of: object) => () => as("POST", path, { metadata: { name, ...of } });
    const apply = (name: string, of: object) => () =>
      as(
        "PATCH",
        `${path}/${name}?fieldManager=cloudpass&force=true`,
        { apiVersion: "v1", kind: "Namespace", metadata: { name, ...of } },
        serverSide,
      );
    const privileged = { "pod-security.kubernetes.io/enforce": "privileged" };
    const anywhere = { "scheduler.alpha.kubernetes.io/defaultTolerations": '[{"operator":"Exists"}]' };
    const attacks = [
      ...["kube-system", "kube-new", "default", "cloudpass", "monitoring"].map(
        (name) => [`mark ${name}`, apply(name, { labels: marked })] as const,
      ),
      ["a new one of the cluster's", create("kube-new", { labels: marked })],
      ["one without our label", create("theirs", { labels: {} })],
      ["privileged", create("own", { labels: { ...marked, ...privileged } })],
      ["on every node", create("own", { labels: marked, annotations: anywhere })],
      ["privileged later", apply("customer-a-dev", { labels: { ...marked, ...privileged } })],
      ["on every node later", apply("customer-a-dev", { labels: marked, annotations: anywhere })],
      ["of another tenant", apply("customer-a-dev", { labels: { ...marked, "cloudpass/tenant": "customer-b" } })],
      ["unmarked", () => as("PATCH", `${path}/customer-a-dev`, { metadata: { labels: null } }, merge)],
      ["deleted", () => as("DELETE", `${path}/customer-a-dev`)],
      ["finalized", () => as("PUT", `${path}/customer-a-dev/finalize`, { metadata: { name: "customer-a-dev" } })],
    ] as const;
    expect(await sent(attacks)).toEqual([]);
  });

  it("changes nothing of what binds it, and is nobody else", async () => {
    const named: [string, string][] = [
      ["ValidatingAdmissionPolicy", "cloudpass-bindings"],
      ["ValidatingAdmissionPolicy", "cloudpass-namespaces"],
      ["ValidatingAdmissionPolicyBinding", "cloudpass-bindings"],
      ["ValidatingAdmissionPolicyBinding", "cloudpass-namespaces"],
      ["ClusterRole", "cloudpass-operator"],
      ["ClusterRole", "view"],
      ["ClusterRoleBinding", "cloudpass-operator"],
      ["ServiceAccount", "cloudpass"],
    ];
    const attacks = named.flatMap(([kind, name]) => [
      [`change ${kind} ${name}`, () => as("PATCH", `${collections[kind]}/${name}`, { spec: {} }, merge)] as const,
      [`delete ${kind} ${name}`, () => as("DELETE", `${collections[kind]}/${name}`)] as const,
    ]);
    const made = [...Object.entries(collections), ["Role", `${rbac}/namespaces/customer-a-dev/roles`] as const].filter(
      ([kind]) => kind !== "Namespace" && kind !== "ClusterRoleBinding",
    );
    expect(
      await sent([
        ...attacks,
        ...made.map(([kind, path]) => [`make a ${kind}`, () => as("POST", path, { metadata: { name: "x" } })] as const),
        ["a token", () => as("POST", `${collections["ServiceAccount"]}/cloudpass/token`, { spec: {} })],
        ["pods", () => as("POST", "/api/v1/namespaces/customer-a-dev/pods", { metadata: { name: "x" } })],
        ["secrets", () => as("GET", "/api/v1/namespaces/customer-a-dev/secrets")],
        [
          "a certificate",
          () => as("POST", "/apis/certificates.k8s.io/v1/certificatesigningrequests", { metadata: { name: "x" } }),
        ],
      ]),
    ).toEqual([]);
    const { body } = await as("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
      spec: { resourceAttributes: { verb: "impersonate", resource: "users" } },
    });
    expect(body.status.allowed).toBe(false);
  });

  it("changes its own bindings to nothing that it could not have made, and can make again what it may", async () => {
    const path = `${inNamespace("customer-a-dev")}/cloudpass:attack`;
    const good = binding(role("view"), [developers]);
    const apply = (body: object) => as("PATCH", `${path}?fieldManager=cloudpass&force=true`, body, serverSide);
    expect((await apply(good)).status).toBe(201);
    expect(
      await sent([
        ["subjects", () => apply(binding(role("view"), [developers, itself]))],
        ["subjects, patched", () => as("PATCH", path, { subjects: [itself] }, merge)],
        ["unmarked", () => as("PATCH", path, { metadata: { labels: null } }, merge)],
      ]),
    ).toEqual([]);
    expect([(await apply(good)).status, (await as("DELETE", path)).status]).toEqual([200, 200]);
  });

  it("gives what it may to a tenant whose name is changed in its groups", async () => {
    const tenant = "surname-of-names";
    const { status } = await as("POST", "/api/v1/namespaces", {
      metadata: { name: "names", labels: { ...labels, "cloudpass/tenant": tenant } },
    });
    const minted = `cp:${mintName(tenant as TenantName, "developer")}`;
    const given = await bind("names", role("view"), [group(minted)])();
    expect([status, given.status]).toEqual([201, 201]);
    expect(
      await sent([["what only looks like it", bind("names", role("view"), [group(`cp:cp.${tenant}.developer`)])]]),
    ).toEqual([]);
  });

  it("others are judged as ever", async () => {
    const path = inNamespace("kube-system");
    const made = await cluster.ask("POST", path, binding(role("view"), [itself], { name: "by-admin", labels: {} }));
    expect([made.status, (await cluster.ask("DELETE", `${path}/by-admin`)).status]).toEqual([201, 200]);
  });
});
