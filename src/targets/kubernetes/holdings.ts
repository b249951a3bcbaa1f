import type { TargetName, TenantName } from "../../core/index.ts";
import type { HttpClientDeps } from "../../http-client/index.ts";
import type { Holding } from "../../reconcile/index.ts";
import { appliedByUs, pathOfBinding, rbac } from "./bindings.ts";
import { makeKubernetes } from "./client.ts";
import { ownLabel } from "./compile.ts";
import type { KubernetesConnection } from "./connection.ts";

/** What a tenant holds on a cluster: the bindings that we made for it. Its namespaces stay. Writes nothing. */
export async function clusterHoldingsOfTenant(
  name: TargetName,
  connection: KubernetesConnection,
  tenant: TenantName,
  deps: HttpClientDeps,
): Promise<Holding[]> {
  const kubernetes = makeKubernetes(name, connection, deps);
  const selector = `${ownLabel.key}=${ownLabel.value},cloudpass/tenant=${tenant}`;
  const [bound, boundWide] = await Promise.all([
    kubernetes.list("list role bindings", `${rbac}/rolebindings`, selector),
    kubernetes.list("list cluster role bindings", `${rbac}/clusterrolebindings`, selector),
  ]);
  return [...bound, ...boundWide].filter(appliedByUs).map(({ metadata, roleRef }): Holding => {
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
}
