import type { Path, YamlDocument } from "../../yaml/index.ts";
import type { Located, ProblemReport } from "../format/read.ts";
import type { TargetsDocument } from "../format/schema-targets.ts";
import type { TenantNamespaces } from "../model.ts";

/** True for namespaces that are never a tenant's: the cluster's, and the one of our account (deploy/kubernetes). */
export const isReservedNamespace = (namespace: string): boolean =>
  ["default", "cloudpass"].includes(namespace) || namespace.startsWith("kube-");

/** Namespaces of one tenant on one cluster: none reserved, none and no label another tenant's. */
export function checkNamespaces(
  document: YamlDocument,
  path: Path,
  cluster: string,
  namespaces: TenantNamespaces,
  report: ProblemReport,
): void {
  if ("label" in namespaces) {
    report.define(`label on ${cluster}`, namespaces.label, document, [...path, "label"], false);
    return;
  }
  for (const [i, namespace] of namespaces.entries()) {
    const at = [...path, i];
    if (!isReservedNamespace(namespace)) report.define(`namespace on ${cluster}`, namespace, document, at, false);
    else report.add(document, at, `the namespace "${namespace}" is the cluster's own`, "name one of the tenant's");
  }
}

/** A namespace can carry two labels, but one key has one value: with one key a cluster, no namespace is two tenants'. */
export function checkLabelKeys(documents: readonly Located<TargetsDocument>[], report: ProblemReport): void {
  const keys = new Map<string, string>();
  for (const { document, data } of documents)
    for (const [tenant, { namespaces }] of Object.entries(data.tenants ?? {}))
      for (const [cluster, own] of Object.entries(namespaces ?? {})) {
        if (!("label" in own)) continue;
        const key = own.label.split("=", 1)[0] ?? "";
        const first = keys.get(cluster) ?? key;
        keys.set(cluster, first);
        if (key !== first)
          report.add(
            document,
            ["tenants", tenant, "namespaces", cluster, "label"],
            `a namespace could carry both this label and one of "${first}", and be two tenants'`,
            `use one key for all tenants on ${cluster}: ${first}`,
          );
      }
}
