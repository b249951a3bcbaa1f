import {
  type ApiProblem,
  consoleTarget,
  err,
  isConsoleScope,
  ok,
  type Result,
  refusal,
  type TenantName,
} from "../../core/index.ts";
import { type AtConsole, decideFor } from "../../issuer/index.ts";
import { isOneOf, type Policy, type Tenant } from "../../policy/index.ts";
import type { ConsoleDeps } from "./deps.ts";

/** Somebody who stands at the door of the console, and by which kind of login. */
export type Caller = AtConsole;

/** What somebody wants to do with a tenant. */
type Power = "see" | "manage" | "decide";

/** The roles of the console that hold a power (decision 0071). */
const holding: Readonly<Record<Power, readonly string[]>> = {
  see: ["tenant-manager", "tenant-auditor", "operator", "operator-approver"],
  manage: ["tenant-manager", "operator"],
  decide: ["tenant-manager", "operator", "operator-approver"],
};

type Deps = Pick<ConsoleDeps, "policy" | "clock">;

/** A tenant, and what the caller may do with it. */
export interface ReachableTenant {
  readonly tenant: Tenant;
  readonly mayManage: boolean;
  /** Whether the caller decides what people of the tenant ask for; never what the caller asks for. */
  readonly mayDecide: boolean;
}

/**
 * The tenants that the caller may see, by name. Refuses somebody with no right to the console, and says so to whom the way
 * of the login alone keeps out (S-12).
 */
export function reachableTenants(deps: Deps, caller: Caller): Result<readonly ReachableTenant[], ApiProblem> {
  const decision = decideFor(deps, caller, consoleTarget);
  if (decision.kind === "unknown") {
    const message = "your groups could not be read completely from your identity provider";
    return err(refusal("forbidden", message, decision.because));
  }
  const reaching = (power: Power, name: TenantName) =>
    decision.entitlements
      .filter(({ role }) => holding[power].includes(role))
      .flatMap(({ scope }) => (isConsoleScope(scope) ? [scope] : []))
      .filter((scope) => scope.kind === "all-tenants" || scope.tenant === name);
  const reaches = (power: Power, name: TenantName) => reaching(power, name).length > 0;
  // Who decides for all tenants is not bound by a tenant's own list.
  const decides = (name: TenantName) =>
    reaching("decide", name).some(({ kind }) => kind === "all-tenants" || isDecider(deps.policy, name, caller.person));
  const seen = [...deps.policy.tenants.values()].filter(({ name }) => reaches("see", name));
  if (seen.length > 0)
    return ok(
      seen.map((tenant) => ({
        tenant,
        mayManage: reaches("manage", tenant.name),
        mayDecide: decides(tenant.name),
      })),
    );
  if (decision.withheld)
    return err(refusal("forbidden", "no login with a code opens the console. Log in in a browser of your own machine"));
  return err(refusal("forbidden", "you have no right to the console. Ask your domain manager or operator"));
}

/** Whether a manager of a tenant is one of those who decide there: all of them, unless the policy names some. */
export function isDecider(
  { rules }: Policy,
  tenant: TenantName,
  manager: Pick<Caller["person"], "identityProvider" | "claims">,
): boolean {
  const named = rules.get(tenant)?.requestable?.deciders ?? [];
  return named.length === 0 || isOneOf(named, manager);
}

/** One tenant whose requests the caller may decide. */
export function reachToDecide(deps: Deps, caller: Caller, name: string): Result<ReachableTenant, ApiProblem> {
  const reached = reachTenant(deps, caller, name);
  if (!reached.ok || reached.value.mayDecide) return reached;
  return err(refusal("forbidden", "you do not decide what people of this tenant ask for"));
}

/** One tenant that the caller may change. */
export function reachToManage(deps: Deps, caller: Caller, name: string): Result<ReachableTenant, ApiProblem> {
  const reached = reachTenant(deps, caller, name);
  if (!reached.ok || reached.value.mayManage) return reached;
  return err(refusal("forbidden", "you may see this tenant, and change nothing there"));
}

/**
 * One tenant that the caller may see. Of one that is another's is said what is said of one that is not there (S-46): no
 * answer tells who the customers are.
 */
export function reachTenant(deps: Deps, caller: Caller, name: string): Result<ReachableTenant, ApiProblem> {
  const reachable = reachableTenants(deps, caller);
  if (!reachable.ok) return reachable;
  const found = reachable.value.find(({ tenant }) => tenant.name === name);
  return found ? ok(found) : err(refusal("not_found", "there is no such tenant"));
}
