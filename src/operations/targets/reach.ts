import { readFileSync } from "node:fs";
import type { Environment } from "../../config/index.ts";
import type { TargetName } from "../../core/index.ts";
import type { Policy, RemoteTarget } from "../../policy/index.ts";
import { kubernetesConnectionFromKubeconfig, type TargetConnection } from "../../targets/index.ts";
import { suggest } from "../../yaml/index.ts";
import type { NamedEnvironment } from "../environment.ts";
import { OperationRefused, orRefuse } from "../refused.ts";

/** "cloud gx1", "cluster prod1": as plans and progress name a target. */
export const nameOfTarget = (policy: Policy, target: TargetName): string =>
  `${policy.targets.get(target)?.kind === "openstack" ? "cloud" : "cluster"} ${target}`;

/** The clouds and clusters of a policy: what there is a way to, and something to be made. */
const remoteTargets = (policy: Policy): RemoteTarget[] =>
  [...policy.targets.values()].filter((target) => target.kind !== "console");

/** A cloud or cluster of this name; refuses one that the policy does not have. */
export function knownTarget(policy: Policy, name: string): RemoteTarget {
  const targets = remoteTargets(policy);
  const target = targets.find((one) => one.name === name);
  if (target !== undefined) return target;
  const names = targets.map((one) => one.name);
  throw new OperationRefused(`the policy has no target "${name}"`, { meaning: suggest(name, names) });
}

/** The wanted targets, or all, in the policy's order. */
export function selectTargets(policy: Policy, wanted: readonly string[] | undefined): TargetName[] {
  for (const name of wanted ?? []) knownTarget(policy, name);
  const names = remoteTargets(policy).map((target) => target.name);
  return wanted === undefined ? names : names.filter((name) => wanted.includes(name));
}

/** The way to a target, when the environment names one. */
export function connectionOf(
  policy: Policy,
  environment: Environment,
  target: TargetName,
): TargetConnection | undefined {
  if (policy.targets.get(target)?.kind === "openstack") return environment.clouds[target];
  const cluster = environment.clusters[target];
  if (cluster === undefined) return undefined;
  const { kubeconfigFile: file, context } = cluster;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new OperationRefused(`the kubeconfig ${file} of ${target} cannot be read`, {
      remedy: "check the path",
      cause,
    });
  }
  const options = { file, ...(context !== undefined && { context }) };
  return orRefuse(kubernetesConnectionFromKubeconfig(text, options), "the kubeconfig");
}

/** A target of the policy with the way to it; refuses one that the policy or the environment does not have. */
export function reachTarget(
  policy: Policy,
  environment: NamedEnvironment,
  name: string,
): { readonly target: RemoteTarget; readonly connection: TargetConnection } {
  const target = knownTarget(policy, name);
  const connection = connectionOf(policy, environment, target.name);
  if (connection !== undefined) return { target, connection };
  throw noWayTo(environment, name);
}

/** The environment does not say how a target is reached. */
export const noWayTo = ({ file }: NamedEnvironment, target: string): OperationRefused =>
  new OperationRefused(`${file} has no entry for ${target}`, { remedy: `add "${target}" to it` });
