import { describe, expect, test } from "vitest";
import { compileKubernetes } from "../../src/targets/index.ts";
import { examplePolicy, target } from "../contract/targets-policy.ts";

const giving = (role: string) => (): unknown =>
  examplePolicy({}, [
    ["roles: [view, edit]", `roles: [view, edit, "${role}"]`],
    ["kubernetes: [edit, view]", `kubernetes: [edit, view, "${role}"]`],
    ["kubernetes: { role: view, in: tenant-namespaces }", `kubernetes: { role: "${role}", in: tenant-namespaces }`],
  ]);

describe("S-50: roles that rule a cluster", () => {
  test.each([
    "cluster-admin",
    "system:masters",
    "system:controller:namespace-controller",
    "kubeadm:get-nodes",
    "kubeadm:bootstrap-signer-clusterinfo",
    "admin*",
    "*",
  ])("%s is not given though ceiling and target list it", (role) => {
    expect(giving(role)).toThrow();
  });

  test("a plain role is given in the same way", () => {
    expect(giving("view-secrets")).not.toThrow();
  });

  test("what is generated are bindings alone: no role, and so no verb, is ever written", () => {
    const { bindings, namespaces } = compileKubernetes(examplePolicy({}), target("prod1"));
    expect([...new Set(bindings.map((b) => b.kind))]).toEqual(["RoleBinding"]);
    expect([...new Set(bindings.map((b) => b.roleRef.name))].sort()).toEqual(["edit", "view"]);
    expect(namespaces).toHaveLength(2);
  });
});
