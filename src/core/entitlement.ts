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

/** For whom a role of the console holds: for one tenant, or for all there are. */
type ConsoleScope = { readonly kind: "tenant"; readonly tenant: string } | { readonly kind: "all-tenants" };

/** Where a role holds. */
export type Scope = OpenStackScope | KubernetesScope | ConsoleScope;

/** Whether a scope is one of the console, and of no cloud or cluster. */
export const isConsoleScope = (scope: Scope): scope is ConsoleScope =>
  scope.kind === "tenant" || scope.kind === "all-tenants";

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
  /** OpenStack role, Kubernetes ClusterRole, or role of the console. */
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

/** A scope in words: `domain customer-a`, `project customer-a/dev`, `namespace a-dev`, `namespaces tenant=a`, `cluster`, `tenant a`. */
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
    case "tenant":
      return `tenant ${scope.tenant}`;
    case "all-tenants":
      return "all tenants";
  }
}
