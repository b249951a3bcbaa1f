import { afterEach, describe, expect, it } from "vitest";
import { compileKubernetes, planTarget } from "../../../src/targets/index.ts";
import { acme, mustLoad, target } from "../policy/kit.ts";
import { type Heard, startRecorder, stillDeps } from "./recorder.ts";

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const policy = mustLoad(
  acme(`sets:
  dev: [{kubernetes: {role: edit, in: tenant-namespaces}}, {kubernetes: {clusterRole: view}}]
people:
  w: {from: acme-idp, everyone: true}
grants:
  - {id: g, give: dev, to: w, at: [prod1]}
`),
);
const applied = {
  uid: "u",
  resourceVersion: "1",
  labels: { "app.kubernetes.io/managed-by": "cloudpass" },
  managedFields: [{ manager: "cloudpass", operation: "Apply" }],
};
const oldName = "cloudpass:cp.acme.old:0123456789ab";
const viewOf = (metadata: object) => ({
  metadata,
  roleRef: { kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "Group", name: "cp:cp.acme.old" }],
});
const theirs = { uid: "t", resourceVersion: "1", name: "theirs", namespace: "acme-dev" };

let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
afterEach(() => recorder?.stop());

/** A cluster with the tenant's namespace, bindings of ours that are no longer wanted, and one of somebody else. */
async function cluster() {
  const lists: Readonly<Record<string, readonly object[]>> = {
    "/api/v1/namespaces": [{ metadata: { uid: "n", resourceVersion: "1", name: "acme-dev" } }],
    [`${rbac}/rolebindings`]: [viewOf({ ...applied, name: oldName, namespace: "acme-dev" }), viewOf(theirs)],
    [`${rbac}/clusterrolebindings`]: [viewOf({ ...applied, name: oldName })],
  };
  recorder = await startRecorder(({ method, url }) => {
    const items = lists[url.split("?")[0] ?? ""];
    if (method === "GET" && items !== undefined) return { status: 200, body: { metadata: {}, items } };
    if (method === "GET") return { status: url.startsWith(`${rbac}/clusterroles/`) ? 200 : 404 };
    return { status: 403, body: { message: "no" } };
  });
  return recorder;
}

const plan = async () => {
  const { url, heard } = await cluster();
  const planned = await planTarget(policy, target("prod1"), { server: url }, stillDeps());
  return { planned, heard };
};
const paths = (heard: readonly Heard[], method: string) =>
  heard.filter((one) => one.method === method).map(({ url }) => url.split("?")[0] ?? "");

describe("the plan of a cluster", () => {
  it("asks what our account may not do at the binding's own address", async () => {
    const { planned, heard } = await plan();
    const wanted = compileKubernetes(policy, target("prod1")).bindings;
    const nameOf = (kind: string) => encodeURIComponent(wanted.find((b) => b.kind === kind)?.metadata.name ?? "");
    expect(paths(heard, "PATCH").sort()).toEqual([
      `${rbac}/clusterrolebindings/${nameOf("ClusterRoleBinding")}`,
      `${rbac}/namespaces/acme-dev/rolebindings/${nameOf("RoleBinding")}`,
    ]);
    expect(paths(heard, "DELETE")).toEqual([`${rbac}/clusterrolebindings/${encodeURIComponent(oldName)}`]);
    expect(heard.filter(({ method }) => method !== "GET").every(({ url }) => url.includes("dryRun=All"))).toBe(true);
    expect(planned.refused).toHaveLength(3);
  });

  it("reads each list and each role once, and nothing twice", async () => {
    const { planned, heard } = await plan();
    expect(paths(heard, "GET").sort()).toEqual([
      "/api/v1/namespaces",
      `${rbac}/clusterrolebindings`,
      `${rbac}/clusterroles/edit`,
      `${rbac}/clusterroles/view`,
      `${rbac}/rolebindings`,
    ]);
    expect(planned.requests).toBe(heard.length);
  });

  it("deletes what was made by us and is wanted no longer, and leaves what others made", async () => {
    const { planned } = await plan();
    const deletes = planned.plan.steps.filter(({ action }) => action === "delete").map((s) => `${s.kind} ${s.key}`);
    expect(deletes.sort()).toEqual([`cluster-role-binding ${oldName}`, `role-binding acme-dev/${oldName}`]);
    expect(planned.leftOut).toEqual([expect.stringContaining("role-binding acme-dev/theirs gives ClusterRole view")]);
  });
});
