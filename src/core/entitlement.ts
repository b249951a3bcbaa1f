import type { MintedName, TargetName, TenantName } from "./ids.ts";

/** Where in a cloud a role holds. `inherited` = on every project of the domain (OS-INHERIT). */
export type OpenStackScope =
  | { readonly kind: "domain"; readonly domain: string }
  | { readonly kind: "project"; readonly domain: string; readonly project: string }
  | { readonly kind: "inherited"; readonly domain: string };

/** Where in a cluster a role holds. `namespaces` = in whichever carry the label (`key=value`); only the cluster knows them. */
export type KubernetesScope =
  | { readonly kind: "cluster" }
  | { readonly kind: "namespace"; readonly namespace: string }
  | { readonly kind: "namespaces"; readonly label: string };

/** Where a role holds. */
export type Scope = OpenStackScope | KubernetesScope;

/** Where a decision was written down, for `explain`. */
export interface Source {
  readonly file: string;
  readonly line: number;
}

/** One right of one person: (target, scope, role), and why. */
export interface Entitlement {
  readonly target: TargetName;
  readonly tenant: TenantName;
  /** Permission set it belongs to. */
  readonly set: string;
  /** Minted group that carries it on the target. */
  readonly group: MintedName;
  /** OpenStack role or Kubernetes ClusterRole. */
  readonly role: string;
  readonly scope: Scope;
  /** Id of the grant that gave it. */
  readonly grant: string;
  readonly source: Source;
}

/** One right in words: `gx1 domain customer-a: manager`. Also the form of policy tests' expectations. */
export function formatEntitlement(e: Pick<Entitlement, "target" | "scope" | "role">): string {
  return `${e.target} ${formatScope(e.scope)} ${e.role}`;
}

/** A scope in words: `domain customer-a`, `project customer-a/dev`, `namespace a-dev`, `namespaces tenant=a`, `cluster`. */
export function formatScope(scope: Scope): string {
  switch (scope.kind) {
    case "domain":
      return `domain ${scope.domain}`;
    case "project":
      return `project ${scope.domain}/${scope.project}`;
    case "inherited":
      return `projects-of ${scope.domain}`;
    case "cluster":
      return "cluster";
    case "namespace":
      return `namespace ${scope.namespace}`;
    case "namespaces":
      return `namespaces ${scope.label}`;
  }
}
