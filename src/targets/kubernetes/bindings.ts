import { Bug } from "../../core/index.ts";
import { identityOf, type Key, namesIn, type Path } from "../../reconcile/index.ts";
import { fieldManager, type KubernetesObject } from "./client.ts";
import { type Binding, type KubernetesDesired, ownLabel } from "./compile.ts";

/** Where bindings are. */
export const rbac = "/apis/rbac.authorization.k8s.io/v1";
/** Where a ClusterRole is. */
export const pathOfRole = (name: string): string => `${rbac}/clusterroles/${encodeURIComponent(name)}`;

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

/** Where an object is, by its kind and key. */
export function pathOf(kind: string, key: Key): string {
  const [first = "", second] = namesIn(key);
  switch (kind) {
    case "namespace":
      return `/api/v1/namespaces/${first}`;
    case "role-binding":
      return `${rbac}/namespaces/${first}/rolebindings/${encodeURIComponent(second ?? "")}`;
    case "cluster-role-binding":
      return `${rbac}/clusterrolebindings/${encodeURIComponent(first)}`;
    default:
      throw new Bug(`no path for a ${kind}`);
  }
}
