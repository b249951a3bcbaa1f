import type { TargetName } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import { isReservedNamespace, type Policy, type Tenant } from "../../policy/index.ts";
import { makeKubernetes } from "./client.ts";
import type { KubernetesConnection } from "./connection.ts";

/** A namespace that is a tenant's. `not there`: the policy gives it by name, and the cluster has none. */
export interface TenantNamespace {
  readonly name: string;
  readonly state: "there" | "being deleted" | "not there";
}

/**
 * The namespaces of a cluster that are a tenant's: those that the policy names, or those that carry its label now and are neither
 * the cluster's own nor given to somebody by name (decision 0032). Reads with the cluster's account; throws `Fault`.
 */
export async function namespacesOfTenant(
  policy: Policy,
  tenant: Tenant,
  cluster: TargetName,
  connection: KubernetesConnection,
  deps: HttpClientDeps,
): Promise<readonly TenantNamespace[]> {
  const own = tenant.namespaces.get(cluster) ?? [];
  const selector = "label" in own ? own.label : undefined;
  const found = await makeKubernetes(cluster, connection, deps).list("list namespaces", "/api/v1/namespaces", selector);
  const there = new Map(
    found.map(
      ({ metadata }) => [metadata.name, metadata.deletionTimestamp === undefined ? "there" : "being deleted"] as const,
    ),
  );
  if (!("label" in own)) return [...own].sort().map((name) => ({ name, state: there.get(name) ?? "not there" }));
  const byName = new Set(
    [...policy.tenants.values()].flatMap(({ namespaces }) => {
      const named = namespaces.get(cluster) ?? [];
      return "label" in named ? [] : named;
    }),
  );
  return [...there]
    .filter(([name]) => !isReservedNamespace(name) && !byName.has(name))
    .map(([name, state]) => ({ name, state }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
