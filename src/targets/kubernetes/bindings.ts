import { identityOf, type Path } from "../../reconcile/index.ts";
import { fieldManager, type KubernetesClient, type KubernetesObject } from "./client.ts";
import { type Binding, type KubernetesDesired, ownLabel } from "./compile.ts";

/** Where bindings are. */
export const rbac = "/apis/rbac.authorization.k8s.io/v1";
/** Where a ClusterRole is. */
export const pathOfRole = (name: string): string => `${rbac}/clusterroles/${encodeURIComponent(name)}`;

/** All bindings of a cluster, ours and others'. Throws `Fault`. */
export async function allBindings(kubernetes: KubernetesClient): Promise<KubernetesObject[]> {
  const [bound, boundWide] = await Promise.all([
    kubernetes.list("list role bindings", `${rbac}/rolebindings`),
    kubernetes.list("list cluster role bindings", `${rbac}/clusterrolebindings`),
  ]);
  return [...bound, ...boundWide];
}

/** A label can be copied by anyone; that we applied an object stands in its managedFields too. */
export const appliedByUs = ({ metadata }: Pick<KubernetesObject, "metadata">): boolean =>
  metadata.managedFields?.some((f) => f.manager === fieldManager && f.operation === "Apply") ?? false;

/** True of what we made: it has our label, and we applied it. */
export const isOurs = ({ metadata }: Pick<KubernetesObject, "metadata">): boolean =>
  appliedByUs({ metadata }) && metadata.labels?.[ownLabel.key] === ownLabel.value;

/** What the engine calls a binding. */
export const kindOf = ({ metadata }: Pick<KubernetesObject | Binding, "metadata">): string =>
  metadata.namespace === undefined ? "cluster-role-binding" : "role-binding";
/** Namespace and name of a RoleBinding, the name of anything else. */
export const keyOf = ({
  metadata: { namespace, name },
}: Pick<KubernetesObject | Binding, "metadata">): string | Path =>
  namespace === undefined ? name : { path: [namespace, name] };

/** The wanted bindings by what the engine calls them. */
export const bindingsOf = ({ bindings }: KubernetesDesired): ReadonlyMap<string, Binding> =>
  new Map(bindings.map((b) => [identityOfBinding(b), b]));

/** A binding's identity, by its place and name. */
export const identityOfBinding = (b: Pick<KubernetesObject | Binding, "metadata">): string =>
  identityOf({ kind: kindOf(b), key: keyOf(b) });

/** Where a namespace is. */
export const pathOfNamespace = (name: string): string => `/api/v1/namespaces/${name}`;

/**
 * Where a binding is: of the object, never of a key. A step of a plan has its key as a text, which names no place and no
 * name.
 */
export const pathOfBinding = ({
  metadata: { namespace, name },
}: Pick<KubernetesObject | Binding, "metadata">): string =>
  namespace === undefined
    ? `${rbac}/clusterrolebindings/${encodeURIComponent(name)}`
    : `${rbac}/namespaces/${namespace}/rolebindings/${encodeURIComponent(name)}`;
