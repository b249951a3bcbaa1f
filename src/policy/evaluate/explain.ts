import { type Entitlement, formatEntitlement, isoTime, type Source, type TargetName } from "../../core/index.ts";
import type { Decision, GrantTrace, LoginFacts, Policy } from "../model.ts";
import { evaluateGrant } from "./decide.ts";
import { viewClaims } from "./view.ts";

/** Why a login has the rights it has: every grant of the tenant, and what came of it. */
export interface Explanation {
  readonly facts: LoginFacts;
  readonly decision: Decision;
  /** What stands in the way as a whole, before any grant is looked at. */
  readonly refused?: string;
  readonly matched: readonly GrantTrace[];
  readonly unmatched: readonly GrantTrace[];
  /** Rights per target, for targets with any. */
  readonly roles: ReadonlyMap<TargetName, readonly Entitlement[]>;
}

/** Explains a decision. Unlike deciding it looks at every grant of the tenant, so that each failing condition is named. */
export function explain(policy: Policy, facts: LoginFacts, target?: TargetName): Explanation {
  const decision = policy.decide(facts, target);
  const roles = new Map<TargetName, Entitlement[]>();
  for (const e of decision.kind === "decided" ? decision.entitlements : [])
    roles.set(e.target, [...(roles.get(e.target) ?? []), e]);
  const refused = wholeRefusal(policy, facts);
  if (refused !== undefined) return { facts, decision, refused, matched: [], unmatched: [], roles };
  const claims = viewClaims(facts.claims);
  const traces = (policy.rules.get(facts.tenant)?.grants ?? [])
    .filter((grant) => target === undefined || grant.at.includes(target))
    .map((grant): GrantTrace => {
      if (grant.people.from === facts.identityProvider)
        return evaluateGrant(policy.deviceLogin, grant, facts, claims).trace;
      const because = `only for logins through ${grant.people.from}`;
      return { grant: grant.id, set: grant.set.name, source: grant.source, matched: false, because };
    });
  return {
    facts,
    decision,
    matched: traces.filter((t) => t.matched),
    unmatched: traces.filter((t) => !t.matched),
    roles,
  };
}

function wholeRefusal(policy: Policy, facts: LoginFacts): string | undefined {
  const tenant = policy.tenants.get(facts.tenant);
  if (tenant === undefined) return `no tenant is called ${JSON.stringify(facts.tenant)}`;
  if (!tenant.identityProviders.includes(facts.identityProvider))
    return `${JSON.stringify(facts.identityProvider)} is not an identity provider of ${tenant.name} (${formatPlace(tenant.source)}): it gives nothing there`;
  return undefined;
}

/** A place in a file, in words. */
type FormatPlace = (source: Source) => string;

const formatPlace: FormatPlace = ({ file, line }) => `${file}:${line}`;

/** An explanation as a terminal shows it. Holds no claim value, so nothing an identity provider sends can reach the terminal. */
export function formatExplanation(explanation: Explanation, place: FormatPlace = formatPlace): string {
  const { facts, decision, refused, matched, unmatched, roles } = explanation;
  const lines = [
    `tenant ${JSON.stringify(facts.tenant)} through ${JSON.stringify(facts.identityProvider)}, ${facts.loginMethod} login of ${JSON.stringify(facts.client)}, ${isoTime(facts.at)}`,
  ];
  if (refused !== undefined) return [...lines, `nothing: ${refused}`].join("\n");
  if (decision.kind === "unknown") lines.push(`cannot be decided: ${decision.because}`);
  else if (roles.size === 0) lines.push("no rights");
  for (const [target, entitlements] of roles) {
    lines.push(`${target}:`);
    for (const e of entitlements)
      lines.push(
        `  ${formatEntitlement(e).slice(target.length + 1)}  (grant ${e.grant}, ${place(e.source)}; group ${e.group})`,
      );
  }
  for (const t of matched)
    lines.push(
      `yes ${t.grant} gives ${t.set}${t.until === undefined ? "" : ` until ${isoTime(t.until)}`}  (${place(t.source)})`,
    );
  for (const t of unmatched) lines.push(`no  ${t.grant} would give ${t.set}: ${t.because}  (${place(t.source)})`);
  return lines.join("\n");
}
