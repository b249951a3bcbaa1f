import type { Instant, TargetName, TenantName } from "../core/index.ts";
import type { Grant, Policy } from "../policy/index.ts";

/**
 * The grants of a tenant that a target must know at `at`: also those whose window has yet to open, since nobody applies
 * at that very moment; not those whose window is over. What they gave is taken off the targets, so that application
 * credentials made with it end too.
 */
export const grantsToApply = (policy: Policy, tenant: TenantName, target: TargetName, at?: Instant): Grant[] =>
  (policy.rules.get(tenant)?.grants ?? []).filter(
    (grant) => grant.at.includes(target) && (at === undefined || grant.until === undefined || at < grant.until),
  );
