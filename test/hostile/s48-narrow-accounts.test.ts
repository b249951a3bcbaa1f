import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface Shipped {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
}

/** What the API server makes of this account's token is tried in test/contract/s80-our-account-on-a-cluster.test.ts. */
function shipped(file: string): Shipped[] {
  const text = readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), "utf8");
  return parseAllDocuments(text).map((d) => d.toJS());
}

const rightsIn = (file: string): string[] =>
  shipped(file)
    .flatMap((d) => d.rules ?? [])
    .map(
      (r) =>
        `${(r.resources ?? r.nonResourceURLs ?? []).join(",")}${r.resourceNames ? ` [${r.resourceNames}]` : ""}: ${r.verbs}`,
    );

const files = ["operator.yaml", "operator-cluster-wide.yaml"];

describe("S-48: our account on a cluster", () => {
  test("has these rights and no other, and cannot give a role in the whole cluster", () => {
    expect(rightsIn("operator.yaml")).toEqual([
      "namespaces: get,list,create,patch",
      "rolebindings: get,list,create,patch,delete",
      "clusterrolebindings: get,list",
      "clusterroles [view,edit]: bind,get",
      "/metrics: get",
    ]);
  });

  test("has these in addition where the operator wants roles in the whole cluster", () => {
    expect(rightsIn("operator-cluster-wide.yaml")).toEqual([
      "clusterrolebindings: create,patch,delete",
      "clusterroles [view]: bind,bind-cluster-wide,get",
    ]);
  });

  test.each(files)("%s can give nothing but named roles, and become nobody else", (file) => {
    const rules = shipped(file).flatMap((d) => d.rules ?? []);
    const words = rules.flatMap((r) => [...r.verbs, ...(r.resources ?? []), ...(r.apiGroups ?? [])]);
    for (const mighty of ["*", "escalate", "impersonate", "secrets", "pods", "serviceaccounts", "users", "groups"])
      expect(words).not.toContain(mighty);
    for (const rule of rules.filter((r) => r.verbs.includes("bind")))
      expect(rule.resourceNames?.length).toBeGreaterThan(0);
  });

  test.each(files)("%s gives the rights to this account and to nobody besides", (file) => {
    const bindings = shipped(file).filter(({ kind }) => kind.endsWith("RoleBinding"));
    expect(bindings).toHaveLength(1);
    for (const { kind, metadata, roleRef, subjects } of bindings) {
      expect(kind).toBe("ClusterRoleBinding");
      expect(roleRef).toEqual({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name });
      expect(subjects).toEqual([{ kind: "ServiceAccount", name: "cloudpass", namespace: "cloudpass" }]);
    }
  });

  test("is judged by admission policies that are in force, for each kind that it may write", () => {
    const manifest = shipped("operator.yaml") as (Shipped & { spec?: Record<string, unknown> })[];
    const policies = manifest.filter(({ kind }) => kind === "ValidatingAdmissionPolicy");
    const bound = manifest.filter(({ kind }) => kind === "ValidatingAdmissionPolicyBinding");
    expect(policies.map((p) => p.metadata.name)).toEqual(["cloudpass-bindings", "cloudpass-namespaces"]);
    for (const { spec } of policies)
      expect(spec).toMatchObject({
        failurePolicy: "Fail",
        matchConditions: [{ expression: 'request.userInfo.username == "system:serviceaccount:cloudpass:cloudpass"' }],
      });
    expect(bound.map((b) => b.spec)).toEqual(
      policies.map((p) => ({ policyName: p.metadata.name, validationActions: ["Deny", "Audit"] })),
    );
  });
});
