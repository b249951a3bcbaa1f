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

const text = readFileSync(new URL("../../deploy/kubernetes/operator.yaml", import.meta.url), "utf8");
const documents = parseAllDocuments(text).map((d): { kind: string; rules?: Rule[] } => d.toJS());
const rules = documents.flatMap((d) => d.rules ?? []);

describe("S-48: our account on a cluster", () => {
  test("has these rights and no other", () => {
    const rights = rules.map(
      (r) =>
        `${(r.resources ?? r.nonResourceURLs ?? []).join(",")}${r.resourceNames ? ` [${r.resourceNames}]` : ""}: ${r.verbs}`,
    );
    expect(rights).toEqual([
      "namespaces: get,list,create,patch",
      "rolebindings: get,list,create,patch,delete",
      "clusterrolebindings: get,list,create,patch,delete",
      "clusterroles [view,edit]: bind",
      "clusterroles [view,edit]: get",
      "/metrics: get",
    ]);
  });

  test("can give nothing but named roles, and become nobody else", () => {
    const words = rules.flatMap((r) => [...r.verbs, ...(r.resources ?? []), ...(r.apiGroups ?? [])]);
    for (const mighty of ["*", "escalate", "impersonate", "secrets", "pods", "serviceaccounts", "users", "groups"])
      expect(words).not.toContain(mighty);
    for (const rule of rules.filter((r) => r.verbs.includes("bind")))
      expect(rule.resourceNames).toEqual(["view", "edit"]);
  });
});
