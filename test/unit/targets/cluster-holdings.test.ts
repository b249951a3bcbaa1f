import { afterEach, expect, it } from "vitest";
import { clusterHoldingsOfTenant } from "../../../src/targets/index.ts";
import { acme, mustLoad, target, tenant } from "../policy/kit.ts";
import { startRecorder, stillDeps } from "./recorder.ts";

let recorder: Awaited<ReturnType<typeof startRecorder>> | undefined;
afterEach(() => recorder?.stop());

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const policy = mustLoad(acme("sets:\n  dev: [{kubernetes: {role: edit, in: tenant-namespaces}}]\n"));
const object = (name: string, group: string, more: object = {}) => ({
  metadata: { name, uid: name, resourceVersion: "1", ...more },
  roleRef: { kind: "ClusterRole", name: "edit" },
  subjects: [{ kind: "Group", name: group }],
});
const applied = (tenant: string, namespace: string) => ({
  namespace,
  labels: { "app.kubernetes.io/managed-by": "cloudpass", "cloudpass/tenant": tenant },
  managedFields: [{ manager: "cloudpass", operation: "Apply" }],
});

it("what others bound to the groups of a tenant that leaves is said, and is none of its holdings", async () => {
  const lists: Readonly<Record<string, readonly object[]>> = {
    [`${rbac}/rolebindings`]: [
      object("made", "cp:cp.acme.dev", applied("acme", "acme-dev")),
      object("of-another", "cp:cp.other.dev", applied("other", "other-dev")),
      object("by-hand", "cp:cp.acme.dev", { namespace: "acme-dev" }),
      object("copied", "cp:cp.acme.dev", { ...applied("acme", "acme-dev"), managedFields: [] }),
    ],
    [`${rbac}/clusterrolebindings`]: [object("wide", "cp:cp.acme.dev"), object("theirs", "cp:cp.other.dev")],
  };
  recorder = await startRecorder(({ url }) => ({
    status: 200,
    body: { metadata: {}, items: lists[url.split("?")[0] ?? ""] ?? [] },
  }));
  const cluster = { name: target("prod1"), connection: { server: recorder.url } };
  const { holdings, others } = await clusterHoldingsOfTenant(policy, tenant("acme"), cluster, stillDeps());
  expect(holdings.map(({ what }) => what)).toEqual(["edit in namespace acme-dev (made)"]);
  const gives = (what: string, where: string) =>
    `${what} gives ClusterRole edit ${where} to cp:cp.acme.dev, and stays: it is not ours. Delete it`;
  expect(others).toEqual([
    gives("role-binding acme-dev/by-hand", "in namespace acme-dev"),
    gives("role-binding acme-dev/copied", "in namespace acme-dev"),
    gives("cluster-role-binding wide", "in the whole cluster"),
  ]);
});
