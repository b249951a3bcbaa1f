import { type ApiProblem, type Instant, ok, type Result, type TargetName } from "../../../core/index.ts";
import type { TenantNamespace } from "../../../targets/index.ts";
import { type Caller, reachTenant } from "../caller.ts";
import type { ConsoleDeps } from "../deps.ts";
import { type CloudState, stateOf } from "./list.ts";

/** The namespaces of a tenant on one cluster. */
export interface ListedCluster {
  readonly cluster: TargetName;
  /** The label by which they are the tenant's; absent: the policy gives them by name. */
  readonly label?: string;
  /** `nobody looked`: the broker has no account there. */
  readonly state: CloudState;
  readonly at?: Instant;
  readonly namespaces: readonly TenantNamespace[];
}

/** The namespaces of a tenant on every cluster where it has any. */
export async function listNamespaces(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<readonly ListedCluster[], ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const own = reached.value.tenant;
  const all = [...own.namespaces].map(async ([cluster, which]): Promise<ListedCluster> => {
    const known = (await deps.clusters?.look(own, cluster)) ?? { beingRead: false };
    const { reading } = known;
    return {
      ...{ cluster, state: stateOf(known), namespaces: reading?.namespaces ?? [] },
      ...("label" in which && { label: which.label }),
      ...(reading && { at: reading.at }),
    };
  });
  return ok(await Promise.all(all));
}
