import type { Entitlement, Instant, MintedName, TargetName, TenantName } from "../../core/index.ts";
import type { Decision, DeviceLogin, Grant, GrantTrace, LoginFacts, Tenant, Withheld } from "../model.ts";
import { type FailedCondition, failedCondition, formatCondition, notByThisWay } from "./condition.ts";
import type { Lookup } from "./lookup.ts";
import { evaluatePeople } from "./match.ts";
import { traceOf } from "./trace.ts";
import { type ClaimsView, viewClaims } from "./view.ts";

/** What deciding needs. */
export interface RuleIndex {
  readonly tenants: ReadonlyMap<TenantName, Tenant>;
  readonly lookup: Lookup;
  readonly deviceLogin: DeviceLogin;
}

/** How one grant stands to a login. */
type Verdict = {
  readonly kind: "given" | "withheld" | "unknown";
  readonly trace: GrantTrace;
  /** Set when nothing but the way of the login withholds it. */
  readonly by?: Withheld["loginMethod"];
  /** What failed, but for the people. */
  readonly condition?: FailedCondition;
};

const certain: ReturnType<typeof evaluatePeople> = { truth: "yes" };
const nothing: Decision = { kind: "decided", entitlements: [], grants: [] };

/**
 * Decides the rights of a login. A tenant that does not list the identity provider gives nothing, whatever its grants say: an
 * identity provider must never reach into another customer.
 */
export function decide(index: RuleIndex, facts: LoginFacts, target?: TargetName): Decision {
  const tenant = index.tenants.get(facts.tenant);
  if (!tenant?.identityProviders.includes(facts.identityProvider)) return nothing;
  const claims = viewClaims(facts.claims);
  const candidates = index.lookup(facts.tenant, facts.identityProvider, claims);
  const grants: GrantTrace[] = [];
  const entitlements: Entitlement[] = [];
  const withheld: Entitlement[] = [];
  let until: Instant | undefined;
  for (const { grant, sure, given, entitlements: own } of candidates) {
    if (target !== undefined && !grant.at.includes(target)) continue;
    if (given !== undefined) {
      grants.push(given);
      for (const e of own) if (target === undefined || e.target === target) entitlements.push(e);
      continue;
    }
    const people = sure ? certain : evaluatePeople(grant.people, claims);
    if (people.truth === "no") continue;
    const verdict = evaluateGrant(index.deviceLogin, grant, facts, claims, people);
    if (verdict.kind === "unknown")
      return { kind: "unknown", because: `${verdict.trace.because}, and grant ${grant.id} depends on it` };
    grants.push(verdict.trace);
    const kept = verdict.kind === "given" ? entitlements : verdict.by === undefined ? undefined : withheld;
    for (const [at, all] of grant.entitlements) if (target === undefined || at === target) kept?.push(...all);
    if (verdict.kind === "withheld") continue;
    if (grant.until !== undefined && (until === undefined || grant.until < until)) until = grant.until;
  }
  return {
    kind: "decided",
    entitlements,
    grants,
    ...notCarried(facts, withheld),
    ...(until !== undefined && { until }),
  };
}

const notCarried = ({ loginMethod }: LoginFacts, entitlements: readonly Entitlement[]) =>
  entitlements.length > 0 && (loginMethod === "device" || loginMethod === "apart")
    ? { withheld: { entitlements, loginMethod } }
    : {};

/** Evaluates one grant; a certain no wins over an unknown claim. */
export function evaluateGrant(
  deviceLogin: DeviceLogin,
  grant: Grant,
  facts: LoginFacts,
  claims: ClaimsView,
  people = evaluatePeople(grant.people, claims),
): Verdict {
  const assured = claims(assuranceClaim);
  if (people.truth === "no") return { kind: "withheld", trace: traceOf(grant, people.detail ?? "") };
  const failed = failedCondition(grant, facts, assured);
  if (failed !== undefined)
    return { kind: "withheld", trace: traceOf(grant, formatCondition(failed)), condition: failed };
  const uncarried = notByThisWay(deviceLogin, grant, facts);
  if (uncarried !== undefined) {
    const certainly = people.truth === "yes" && (grant.assurance.length === 0 || assured.whole);
    return {
      kind: "withheld",
      trace: traceOf(grant, formatCondition(uncarried)),
      condition: uncarried,
      ...(certainly && facts.loginMethod !== "browser" && facts.loginMethod !== "machine" && { by: facts.loginMethod }),
    };
  }
  if (people.truth === "unknown") return { kind: "unknown", trace: traceOf(grant, people.detail ?? "") };
  if (grant.assurance.length > 0 && !assured.whole)
    return { kind: "unknown", trace: traceOf(grant, `the claim "${assuranceClaim}" did not arrive whole`) };
  return { kind: "given", trace: traceOf(grant) };
}

/** Where REFEDS assurance values arrive (OpenID federation profiles name the claim as LDAP does). */
export const assuranceClaim = "eduperson_assurance";

/** The minted groups that a token for `target` carries, sorted, each once. */
export function groupsFor(decision: Decision, target: TargetName): MintedName[] {
  if (decision.kind !== "decided") return [];
  return [...new Set(decision.entitlements.filter((e) => e.target === target).map((e) => e.group))].sort();
}
