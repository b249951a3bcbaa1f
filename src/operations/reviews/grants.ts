import { createHash } from "node:crypto";
import { consoleTarget, formatEntitlement, type TenantName } from "../../core/index.ts";
import type { TenantPerson } from "../../issuer/index.ts";
import { formatPeople, type Grant, type Policy } from "../../policy/index.ts";
import type { TenantView } from "../console/tenant-view.ts";

/** A policy's grants never change: each is digested once. */
const digests = new WeakMap<Grant, string>();

/** What a grant gives to whom, where, when and under which assurance, as a digest: the same for the same meaning. */
export function digestOf(grant: Grant): string {
  const known = digests.get(grant);
  if (known !== undefined) return known;
  const { set, people, entitlements, from, until, amr, acr, assurance } = grant;
  const given = [...entitlements.values()].flat().map(formatEntitlement).sort();
  const said = [set.name, formatPeople(people), given, from ?? null, until ?? null, amr, acr, assurance];
  const digest = createHash("sha256").update(JSON.stringify(said)).digest("hex").slice(0, 16);
  digests.set(grant, digest);
  return digest;
}

/** The grants of a tenant that stand now or will, by their ids: one whose time is over needs no review. */
export const grantsOf = (policy: Policy, tenant: TenantName, now: number): ReadonlyMap<string, Grant> =>
  new Map(
    (policy.rules.get(tenant)?.grants ?? [])
      .filter(({ until }) => until === undefined || until > now)
      .map((grant) => [grant.id, grant]),
  );

/** Whether a grant gives a role of the console. */
const givesRole = (grant: Grant, role: string): boolean =>
  (grant.entitlements.get(consoleTarget) ?? []).some((entitlement) => entitlement.role === role);

/** Known people who hold a role of the console by a tenant's grants. */
function holdersOfRole(policy: Policy, view: TenantView, tenant: TenantName, role: string): TenantPerson[] {
  const grants = (policy.rules.get(tenant)?.grants ?? []).filter((grant) => givesRole(grant, role));
  const found = grants.flatMap(({ id }) => view.holders.get(id) ?? []);
  return [...new Map(found.map((person) => [person.sub, person])).values()];
}

/** The known people who manage a tenant: the owners of its reviews. */
export const managersOf = (policy: Policy, view: TenantView, tenant: TenantName): readonly TenantPerson[] =>
  holdersOfRole(policy, view, tenant, "tenant-manager");

/** The known people of a tenant who are operators. */
export const operatorsOf = (policy: Policy, view: TenantView, tenant: TenantName): readonly TenantPerson[] =>
  holdersOfRole(policy, view, tenant, "operator");

/** Whether a grant gives the right to manage the tenant. */
export const rulesTheTenant = (policy: Policy, tenant: TenantName, id: string): boolean =>
  (policy.rules.get(tenant)?.grants ?? []).some((grant) => grant.id === id && givesRole(grant, "tenant-manager"));
