import { Bug, type TargetName, type TenantName } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import type { Policy } from "../../policy/index.ts";
import type { Holding } from "../../reconcile/index.ts";
import { allBindings, isOurs, pathOfBinding } from "./bindings.ts";
import { makeKubernetes } from "./client.ts";
import type { KubernetesConnection } from "./connection.ts";
import { foreignBindingsOf } from "./foreign-bindings.ts";

/** What a tenant has on a cluster. */
interface ClusterHoldings {
  /** The bindings that we made for it. Its namespaces stay. */
  readonly holdings: readonly Holding[];
  /** What others bound to its groups, in words: it stays. */
  readonly others: readonly string[];
}

/** Looks what a tenant has on a cluster. Writes nothing. Throws `Fault`. */
export async function clusterHoldingsOfTenant(
  policy: Policy,
  tenant: TenantName,
  { name, connection }: { readonly name: TargetName; readonly connection: KubernetesConnection },
  deps: HttpClientDeps,
): Promise<ClusterHoldings> {
  const kubernetes = makeKubernetes(name, connection, deps);
  const there = await allBindings(kubernetes);
  const its = there.filter((binding) => isOurs(binding) && binding.metadata.labels?.["cloudpass/tenant"] === tenant);
  const holdings = its.map(({ metadata, roleRef }): Holding => {
    const { namespace, name: binding, uid, resourceVersion } = metadata;
    const path = pathOfBinding({ metadata });
    const what = `${roleRef?.name} ${namespace === undefined ? "cluster-wide" : `in namespace ${namespace}`} (${binding})`;
    return {
      where: `cluster ${name}`,
      what,
      becomes: "deleted",
      ended: false,
      end: () => kubernetes.remove(`delete ${what}`, path, { uid, resourceVersion }),
      verify: async () => (await kubernetes.get(`look for ${what}`, path)) === undefined,
    };
  });
  return { holdings, others: foreignBindingsOf(groupsOn(policy, tenant, name), there) };
}

/** A tenant's groups, as the cluster calls them. */
function groupsOn(policy: Policy, tenant: TenantName, target: TargetName): ReadonlySet<string> {
  const cluster = policy.targets.get(target);
  if (cluster?.kind !== "kubernetes") throw new Bug(`"${target}" is not a cluster of this policy`);
  const sets = policy.rules.get(tenant)?.sets.values() ?? [];
  return new Set([...sets].map(({ group }) => `${cluster.prefix}${group}`));
}
