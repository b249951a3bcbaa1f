import { describe, expect, it } from "vitest";
import { Fault, type TenantName } from "../../../src/core/index.ts";
import type { KubernetesDesired } from "../../../src/targets/index.ts";
import { checkStillLabelled, placeLabelled } from "../../../src/targets/kubernetes/labelled.ts";

const desired = {
  namespaces: [{ name: "b-dev", tenant: "b" as TenantName }],
  bindings: [],
  labelled: [{ tenant: "a" as TenantName, label: "tenant=a", bindings: [{ metadata: { name: "x", labels: {} } }] }],
} as unknown as KubernetesDesired;

const namespace = (name: string, labels: Record<string, string>, more: object = {}) => ({
  metadata: { name, uid: name, resourceVersion: "1", labels, ...more },
});

describe("namespaces that go by a label", () => {
  it("each takes the tenant's bindings; others, and those that are being deleted, take none", () => {
    const gone = { deletionTimestamp: "2026-01-01T00:00:00Z" };
    const placed = placeLabelled(desired, [
      namespace("a-one", { tenant: "a", other: "x" }),
      namespace("a-two", { tenant: "a" }),
      namespace("a-gone", { tenant: "a" }, gone),
      namespace("c", { tenant: "c" }),
      namespace("bare", {}),
    ]);
    expect(placed.desired.bindings.map((b) => b.metadata.namespace)).toEqual(["a-one", "a-two"]);
    expect(placed.leftOut).toEqual([]);
  });

  it("the cluster's own namespaces and those given by name are never reached by a label, and it is said", () => {
    const own = ["default", "kube-system", "cloudpass", "b-dev"].map((name) => namespace(name, { tenant: "a" }));
    const placed = placeLabelled(desired, own);
    expect(placed.desired.bindings).toEqual([]);
    expect(placed.leftOut).toEqual([
      "namespace default carries tenant=a, and stays the cluster's own",
      "namespace kube-system carries tenant=a, and stays the cluster's own",
      "namespace cloudpass carries tenant=a, and stays the cluster's own",
      "namespace b-dev carries tenant=a, and stays another tenant's",
    ]);
  });

  it("a namespace that lost its label since is a fault; one more is not", () => {
    const before = [namespace("a-one", { tenant: "a" })];
    const placed = placeLabelled(desired, before);
    const check = (now: typeof before) => () => checkStillLabelled("prod1", placed, now);
    expect(check([...before, namespace("a-new", { tenant: "a" })])).not.toThrow();
    expect(check([namespace("a-one", { tenant: "c" })])).toThrow(Fault);
    expect(check([namespace("a-one", { tenant: "c" })])).toThrow("a-one no longer has the label tenant=a");
    expect(check([])).toThrow(Fault);
  });
});
