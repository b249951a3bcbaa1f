import { type Clock, ok, type Random, type TargetName } from "../../../core/index.ts";
import type { Policy, Tenant } from "../../../policy/index.ts";
import {
  type KeystoneConnection,
  type KubernetesConnection,
  namespacesOfTenant,
  type TenantNamespace,
} from "../../../targets/index.ts";
import { createReadings, type Known } from "../readings.ts";

/** How the console reaches targets, besides the addresses that the policy names. */
export interface TargetWays {
  /** Whose certificates are believed of a cloud, besides those that the system knows. */
  readonly trustOf?: ((cloud: TargetName) => Pick<KeystoneConnection, "caPem">) | undefined;
  /** How a cluster is reached, looked up each time (throws `Fault`); nothing where the broker has no account there. */
  readonly clusterAt?: ((cluster: TargetName) => (() => KubernetesConnection) | undefined) | undefined;
}

/** Namespaces as their clusters have them, by the account that the operator gave the broker for each. */
export interface TenantClusters {
  look(tenant: Tenant, cluster: TargetName): Promise<Known<NamespacesReading>>;
}

/** The tenant's namespaces of a cluster when it was looked at. */
interface NamespacesReading {
  readonly namespaces: readonly TenantNamespace[];
}

interface ClusterParts extends Pick<TargetWays, "clusterAt"> {
  readonly policy: Policy;
  readonly clock: Clock;
  readonly random: Random;
}

/** Makes the way to the clusters. They are only read: namespaces are made by whoever may on the cluster (decision 0032). */
export function createTenantClusters(parts: ClusterParts): TenantClusters {
  const readings = createReadings<NamespacesReading>(parts);
  return {
    look: (tenant, cluster) => {
      const { clusterAt, policy } = parts;
      const connect = clusterAt?.(cluster);
      const read =
        connect &&
        (async () => ok({ namespaces: await namespacesOfTenant(policy, tenant, cluster, connect(), parts) }));
      return readings.look(JSON.stringify([tenant.name, cluster, tenant.namespaces.get(cluster)]), read);
    },
  };
}
