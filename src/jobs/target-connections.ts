import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import type { Environment } from "../config/index.ts";
import type { Clock, Random, TargetName } from "../core/index.ts";
import type { PolicyInUse } from "../policy/index.ts";
import type { NotifyCloud } from "../revocation/index.ts";
import {
  type KubernetesConnection,
  kubernetesConnectionFromKubeconfig,
  pushLogin,
  type TargetConnection,
} from "../targets/index.ts";
import { usable } from "./usable.ts";

/** Whose certificates are believed of a target besides those that the system knows. */
export function trustOf(environment: Environment | undefined): { readonly caPem?: string } {
  if (environment?.caFile === undefined) return {};
  return { caPem: [...getCACertificates("default"), textOf(environment.caFile)].join("\n") };
}

/** The ways to the targets of an environment. A kubeconfig is read at each look: its certificate is renewed under us. */
export function connectionsOf(environment: Environment): (target: TargetName) => TargetConnection {
  const { clouds, clusters } = environment;
  const trust = trustOf(environment);
  return (target) => {
    const cloud = clouds[target];
    if (cloud !== undefined) return { ...cloud, ...trust };
    const { kubeconfigFile: file = "", context } = clusters[target] ?? {};
    const options = { file, ...(context !== undefined && { context }) };
    const connection = kubernetesConnectionFromKubeconfig(textOf(file), options);
    return usable(connection, `kubernetes ${target}`, "read the kubeconfig");
  };
}

/** The ways to the clusters of an environment, for looking at them; nothing for one that it does not name. */
export function clustersOf(environment: Environment | undefined) {
  if (environment === undefined) return undefined;
  const connectionTo = connectionsOf(environment);
  return (cluster: TargetName): (() => KubernetesConnection) | undefined =>
    environment.clusters[cluster] === undefined ? undefined : () => connectionTo(cluster) as KubernetesConnection;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // whose problem is then told with the file's name
  }
}

/** Tells a cloud of a person by a login there, at the address that the policy of now names. */
export function cloudNotifier(
  policy: Pick<PolicyInUse, "current">,
  environment: Environment | undefined,
  deps: { readonly clock: Clock; readonly random: Random },
): NotifyCloud {
  const trust = trustOf(environment);
  return async ({ target, tenant, accessToken }) => {
    const cloud = policy.current().targets.get(target);
    if (cloud?.kind !== "openstack") return false;
    return pushLogin(target, { authUrl: cloud.authUrl, ...trust }, tenant, accessToken, deps);
  };
}
