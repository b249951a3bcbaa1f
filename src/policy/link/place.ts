import type { Entitlement, Scope, TargetName } from "../../core/index.ts";
import { type Path, suggest, type YamlDocument } from "../../yaml/index.ts";
import type { ProblemReport } from "../format/read.ts";
import type { ConsoleRole } from "../format/schema-words.ts";
import type { Grant, PermissionSet, SetItem, Target, Tenant } from "../model.ts";
import { impliedAboveCeiling, unreviewed } from "./ceiling.ts";

/** Where one item of a set comes to hold on one target; empty when the target is of the other kind or has no place for it. */
export function scopesOf(item: SetItem, tenant: Tenant, target: Target): Scope[] {
  if (item.kind === "openstack") {
    const domain = target.kind === "openstack" ? tenant.domains.get(target.name) : undefined;
    if (domain === undefined) return [];
    const { on } = item;
    return [on.kind === "project" ? { kind: on.kind, project: on.project, domain } : { kind: on.kind, domain }];
  }
  if (item.kind === "console") return target.kind === "console" ? [consoleScope(item.role, tenant)] : [];
  if (target.kind !== "kubernetes") return [];
  const where = item.in;
  if (where.kind === "cluster") return [{ kind: "cluster" }];
  const own = tenant.namespaces.get(target.name) ?? [];
  if ("label" in own) return where.kind === "namespace" ? [] : [{ kind: "namespaces", label: own.label }];
  const wanted = where.kind === "namespace" ? own.filter((n) => n === where.namespace) : own;
  return wanted.map((namespace) => ({ kind: "namespace", namespace }));
}

const consoleScope = (role: ConsoleRole, { name }: Tenant): Scope =>
  role === "operator" || role === "operator-approver" ? { kind: "all-tenants" } : { kind: "tenant", tenant: name };

/** The entitlements a grant gives, per target; made once, at load. */
export function placeGrant(
  grant: Pick<Grant, "id" | "set" | "source">,
  tenant: Tenant,
  targets: readonly Target[],
): ReadonlyMap<TargetName, readonly Entitlement[]> {
  const { set } = grant;
  return new Map(
    targets.map((target) => [
      target.name,
      set.items.flatMap((item) =>
        scopesOf(item, tenant, target).map((scope) =>
          Object.freeze({
            target: target.name,
            tenant: tenant.name,
            set: set.name,
            group: set.group,
            role: item.role,
            scope: Object.freeze(scope),
            grant: grant.id,
            source: grant.source,
          }),
        ),
      ),
    ]),
  );
}

/** Roles of a set that its target does not list, and sets that would give nothing there. */
export function checkPlacing(
  document: YamlDocument,
  path: Path,
  { id, set, tenant, target }: { id: string; set: PermissionSet; tenant: Tenant; target: Target },
  report: ProblemReport,
): void {
  const problem = (message: string, fix: string) => report.add(document, path, message, fix);
  if (target.kind === "openstack" && !tenant.domains.has(target.name))
    return problem(
      `${tenant.name} has no domain on ${target.name}`,
      `add it to the tenant's domains in ${tenant.source.file}`,
    );
  const here = set.items.filter((item) => item.kind === target.kind);
  if (here.length === 0)
    return problem(
      `the set "${set.name}" holds nothing for ${target.name} (${target.kind})`,
      `remove ${target.name} from grant ${id}`,
    );
  for (const item of here) {
    for (const { message, fix } of checkRole(item.role, set, tenant, target)) problem(message, fix);
    if (scopesOf(item, tenant, target).length === 0)
      problem(
        `${tenant.name} has no such namespace on ${target.name}`,
        `add it to the tenant's namespaces in ${tenant.source.file}; where they go by a label, give it in: tenant-namespaces`,
      );
    if (item.kind === "kubernetes" && item.in.kind === "cluster" && target.kind === "kubernetes") {
      if (!target.clusterWide.includes(item.role))
        problem(
          `"${item.role}" in all of ${target.name} would reach other tenants`,
          `name it in clusterWide of ${target.name} (${target.source.file}), or give it in: tenant-namespaces`,
        );
    }
  }
}

/** Roles that the target does not list, that rule all of it unreviewed, or that imply more than the tenant may have. */
function checkRole(
  role: string,
  set: PermissionSet,
  tenant: Tenant,
  target: Target,
): { message: string; fix: string }[] {
  const where = `set ${set.name}, ${set.source.file}:${set.source.line}`;
  const mighty = unreviewed(role, target);
  const implied = (name: string) => (name === role.toLowerCase() ? `"${role}"` : `"${role}" implies "${name}", which`);
  if (mighty.length > 0)
    return mighty.map((name) => ({
      message: `the role ${implied(name)} rules the whole target and is refused: Targets does not name it for ${target.name} (${where})`,
      fix: `give another role; or let the operator name it under reviewed of ${target.name} (${target.source.file})`,
    }));
  if (!target.roles.includes(role))
    return [
      {
        message: `the role "${role}" is not among the roles of ${target.name} (${where})`,
        fix: suggest(role, target.roles),
      },
    ];
  return impliedAboveCeiling(role, target, tenant.ceiling[target.kind]).map((name) => ({
    message: `the role "${role}" implies "${name}", which is above the ceiling of ${tenant.name} (${where})`,
    fix: `give another role; or let the operator raise the ceiling (${tenant.source.file}:${tenant.source.line})`,
  }));
}
