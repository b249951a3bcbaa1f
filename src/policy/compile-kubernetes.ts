import { createHash } from "node:crypto";
import { Bug, type Instant, type KubernetesScope, type TargetName, type TenantName } from "../core/index.ts";
import type { ClusterTarget, PermissionSet, Policy, Tenant } from "./model.ts";
import { scopesOf } from "./place.ts";
import { standingGrants } from "./standing.ts";

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

/** All that a policy wants of one cluster. */
export interface KubernetesDesired {
  readonly cluster: ClusterTarget;
  readonly namespaces: readonly { readonly name: string; readonly tenant: TenantName }[];
  readonly bindings: readonly Binding[];
}

/** The label by which we know our own objects. */
export const ownLabel = { key: "app.kubernetes.io/managed-by", value: "cloudpass" } as const;

/** What `policy` wants of the cluster: the tenants' namespaces, and bindings of prefixed minted groups to ClusterRoles. */
export function compileKubernetes(policy: Policy, name: TargetName, at?: Instant): KubernetesDesired {
  const cluster = policy.targets.get(name);
  if (cluster?.kind !== "kubernetes") throw new Bug(`"${name}" is no cluster of this policy`);
  const tenants = [...policy.tenants.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const namespaces = tenants.flatMap((t) => (t.namespaces.get(name) ?? []).map((n) => ({ name: n, tenant: t.name })));
  const bindings = new Map<string, Binding>();
  for (const tenant of tenants) {
    const grants = standingGrants(policy, tenant.name, name, at);
    for (const set of new Set(grants.map((g) => g.set)))
      for (const item of set.items)
        for (const scope of scopesOf(item, tenant, cluster)) {
          if (scope.kind !== "cluster" && scope.kind !== "namespace") continue;
          const binding = makeBinding(cluster, tenant, set, item.role, scope);
          bindings.set(`${binding.metadata.namespace ?? ""}/${binding.metadata.name}`, binding);
        }
  }
  const order = [...bindings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, binding]) => binding);
  return { cluster, namespaces, bindings: order };
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
  // roleRef cannot be changed in place: a new role is a new name, so that the new binding exists before the old one goes.
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
      labels: { [ownLabel.key]: ownLabel.value, "cloudpass/tenant": tenant.name, "cloudpass/set": set.name },
      annotations: { "cloudpass/why": `set ${set.name} of ${tenant.name}` },
    },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: subject }],
  };
}
