import { Fault } from "../../core/index.ts";
import { isReservedNamespace } from "../../policy/index.ts";
import type { KubernetesObject } from "./client.ts";
import type { Binding, KubernetesDesired } from "./compile.ts";

/** What a policy wants, with every namespace known. */
export interface Placed {
  readonly desired: KubernetesDesired;
  /** Namespaces that are a tenant's by their label, and that label. */
  readonly byLabel: ReadonlyMap<string, string>;
  /** Namespaces that carry a tenant's label and are not its own all the same, in words. */
  readonly leftOut: readonly string[];
  /** What is wanted and has to wait for its ClusterRole; `desired` is without it. */
  readonly waiting: readonly Binding[];
  /** ClusterRoles that are not there. */
  readonly missing: ReadonlySet<string>;
}

/**
 * Gives the bindings that go by label their namespaces. Whoever may label a namespace decides whose it is, but a label
 * never reaches the cluster's own namespaces, nor one that the policy gives to a tenant by name. A namespace that is being
 * deleted takes no bindings.
 */
export function placeLabelled(desired: KubernetesDesired, namespaces: readonly KubernetesObject[]): Placed {
  const tenants = new Map(desired.labelled.map((of) => [of.label, of]));
  const byName = new Set(desired.namespaces.map((n) => n.name));
  const bindings = [...desired.bindings];
  const byLabel = new Map<string, string>();
  const leftOut: string[] = [];
  for (const namespace of namespaces) {
    const { name } = namespace.metadata;
    for (const label of labelsOf(namespace)) {
      const of = tenants.get(label);
      if (of === undefined) continue;
      const whose = isReservedNamespace(name) ? "the cluster's own" : byName.has(name) ? "another tenant's" : undefined;
      if (whose !== undefined) leftOut.push(`namespace ${name} carries ${label}, and stays ${whose}`);
      else {
        byLabel.set(name, label);
        bindings.push(...of.bindings.map((b) => ({ ...b, metadata: { ...b.metadata, namespace: name } })));
      }
    }
  }
  return { desired: { ...desired, bindings }, byLabel, leftOut, waiting: [], missing: new Set() };
}

const labelsOf = ({ metadata: { labels = {}, deletionTimestamp } }: KubernetesObject): string[] =>
  deletionTimestamp === undefined ? Object.entries(labels).map(([key, value]) => `${key}=${value}`) : [];

/** Throws `Fault` when a namespace is a tenant's no longer: what was planned for it must not be done. */
export function checkStillLabelled(
  cluster: string,
  { byLabel }: Placed,
  namespaces: readonly KubernetesObject[],
): void {
  const now = new Map(namespaces.map((n) => [n.metadata.name, labelsOf(n)]));
  for (const [name, label] of byLabel)
    if (now.get(name)?.includes(label) !== true)
      throw new Fault(`kubernetes ${cluster}`, "look at the namespaces", {
        message: `${name} no longer has the label ${label}; make a new plan`,
      });
}
