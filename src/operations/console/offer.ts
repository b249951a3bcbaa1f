import {
  type ApiProblem,
  formatScope,
  type IdentityProviderAlias,
  ok,
  type Result,
  type TargetName,
} from "../../core/index.ts";
import {
  formatPeople,
  mayManagersGive,
  type PermissionSet,
  type Policy,
  scopesOf,
  type Tenant,
} from "../../policy/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { knownMembers } from "./members.ts";

/** What may be given in a tenant, to whom, and where. */
export interface Offer {
  readonly sets: readonly OfferedSet[];
  readonly people: readonly { readonly name: string; readonly conditions: string }[];
  readonly identityProviders: readonly IdentityProviderAlias[];
  /** Groups that the known people and the members are in: some, where there are many. */
  readonly groups: readonly string[];
}

/** A permission set that a manager may give somewhere. */
export interface OfferedSet {
  readonly name: string;
  /** By target: roles and places in words. */
  readonly at: ReadonlyMap<TargetName, readonly string[]>;
}

/** More than this nobody looks through; any other group can be typed. */
const mostGroups = 200;

/** What the form for giving offers: nothing that saving would refuse for whoever asks. */
export async function whatMayBeGiven(
  { tenant }: { readonly tenant: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<Offer, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const own = reached.value.tenant;
  const rules = deps.policy.rules.get(own.name);
  const [{ groups }, { members }] = await Promise.all([deps.viewOf(own.name), knownMembers(deps, reached.value)]);
  const all = new Set([...groups, ...members.flatMap((member) => member.groups)]);
  return ok({
    sets: [...(rules?.sets.values() ?? [])]
      .map((set) => offeredSet(deps.policy, own, set))
      .filter(({ at }) => at.size > 0),
    people: [...(rules?.people.values() ?? [])].map((p) => ({ name: p.name, conditions: formatPeople(p) })),
    identityProviders: own.identityProviders,
    groups: [...all].slice(0, mostGroups).sort(),
  });
}

/** A set, with every target at which a manager may give it. */
export function offeredSet(policy: Policy, tenant: Tenant, set: PermissionSet): OfferedSet {
  const at = [...policy.targets.values()].filter((target) => mayManagersGive(policy, set, tenant, target));
  return {
    name: set.name,
    at: new Map(
      at.map((target) => [
        target.name,
        set.items.flatMap((item) =>
          scopesOf(item, tenant, target).map((scope) => `${item.role}: ${formatScope(scope)}`),
        ),
      ]),
    ),
  };
}
