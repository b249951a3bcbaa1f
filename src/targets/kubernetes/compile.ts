import { createHash } from "node:crypto";
import {
  Bug,
  type Instant,
  isConsoleScope,
  type KubernetesScope,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import type { ClusterTarget, PermissionSet, Policy, Tenant } from "../../policy/index.ts";
import { scopesOf } from "../../policy/index.ts";
import { grantsToApply } from "../grants-to-apply.ts";

/** A RoleBinding or ClusterRoleBinding, as server-side apply takes it. */
export interface Binding {
  readonly apiVersion: "rbac.authorization.k8s.io/v1";
  readonly kind: "RoleBinding" | "ClusterRoleBinding";
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly roleRef: {
    readonly apiGroup: "rbac.authorization.k8s.io";
    readonly kind: "ClusterRole";
    readonly name: string;
  };
  readonly subjects: readonly [
    { readonly apiGroup: "rbac.authorization.k8s.io"; readonly kind: "Group"; readonly name: string },
  ];
}

/** What hangs on each namespace with a label. */
interface LabelledNamespaces {
  readonly tenant: TenantName;
  /** `key=value` */
  readonly label: string;
  /** RoleBindings that have yet to be given a namespace. */
  readonly bindings: readonly Binding[];
}

/** All that a policy wants of one cluster. */
export interface KubernetesDesired {
  readonly cluster: ClusterTarget;
  readonly namespaces: readonly { readonly name: string; readonly tenant: TenantName }[];
  readonly bindings: readonly Binding[];
  /** Which namespaces these are, only the cluster knows. */
  readonly labelled: readonly LabelledNamespaces[];
}

/** The label by which we know our own objects. */
export const ownLabel = { key: "app.kubernetes.io/managed-by", value: "cloudpass" } as const;

/** The label that says whose binding it is. */
export const tenantLabel = "cloudpass/tenant";

/** What `policy` wants of the cluster: the tenants' namespaces, and bindings of prefixed minted groups to ClusterRoles. */
export function compileKubernetes(policy: Policy, name: TargetName, at?: Instant): KubernetesDesired {
  const cluster = policy.targets.get(name);
  if (cluster?.kind !== "kubernetes") throw new Bug(`"${name}" is not a cluster of this policy`);
  const tenants = [...policy.tenants.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const namespaces: { name: string; tenant: TenantName }[] = [];
  const bindings: Binding[] = [];
  const labelled: LabelledNamespaces[] = [];
  for (const tenant of tenants) {
    const { placed, open } = bindingsOf(policy, tenant, cluster, at);
    bindings.push(...placed);
    const own = tenant.namespaces.get(name) ?? [];
    if ("label" in own) labelled.push({ tenant: tenant.name, label: own.label, bindings: open });
    else namespaces.push(...own.map((n) => ({ name: n, tenant: tenant.name })));
  }
  return { cluster, namespaces, bindings: bindings.sort(byPlace), labelled };
}

/** `namespace/name`, or `/name` of a ClusterRoleBinding. */
const placeOf = ({ metadata }: Binding): string => `${metadata.namespace ?? ""}/${metadata.name}`;

const byPlace = (a: Binding, b: Binding): number => (placeOf(a) < placeOf(b) ? -1 : 1);

/** Each binding of a tenant once; `open` are those that wait for namespaces with the tenant's label. */
function bindingsOf(policy: Policy, tenant: Tenant, cluster: ClusterTarget, at: Instant | undefined) {
  const [placed, open] = [new Map<string, Binding>(), new Map<string, Binding>()];
  const grants = grantsToApply(policy, tenant.name, cluster.name, at);
  for (const set of new Set(grants.map((g) => g.set)))
    for (const item of set.items)
      for (const scope of scopesOf(item, tenant, cluster)) {
        if ("domain" in scope || isConsoleScope(scope)) continue;
        const binding = makeBinding(cluster, tenant, set, item.role, scope);
        (scope.kind === "namespaces" ? open : placed).set(placeOf(binding), binding);
      }
  return { placed: [...placed.values()], open: [...open.values()].sort(byPlace) };
}

function makeBinding(
  cluster: ClusterTarget,
  tenant: Tenant,
  set: PermissionSet,
  role: string,
  scope: KubernetesScope,
): Binding {
  const subject = `${cluster.prefix}${set.group}`;
  // Groups of these prefixes have power that no binding shows (system:masters passes RBAC by).
  if (/^(system|kubeadm):/i.test(subject)) throw new Bug(`${subject} must never be bound`);
  // roleRef cannot be changed in place, so a new role is a new name. The old binding goes first (decision 0031).
  const hash = createHash("sha256")
    .update(JSON.stringify([subject, role]))
    .digest("hex")
    .slice(0, 12);
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: scope.kind === "cluster" ? "ClusterRoleBinding" : "RoleBinding",
    metadata: {
      name: `cloudpass:${set.group}:${hash}`,
      ...(scope.kind === "namespace" && { namespace: scope.namespace }),
      labels: { [ownLabel.key]: ownLabel.value, [tenantLabel]: tenant.name, "cloudpass/set": set.name },
      annotations: { "cloudpass/why": `set ${set.name} of ${tenant.name}` },
    },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: subject }],
  };
}
