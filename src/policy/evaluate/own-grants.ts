import type { Entitlement, Instant, Source } from "../../core/index.ts";
import type { LoginFacts, Policy } from "../model.ts";
import type { FailedCondition } from "./condition.ts";
import { evaluateGrant } from "./decide.ts";
import { evaluatePeople } from "./match.ts";
import { viewClaims } from "./view.ts";

/** Somebody is one of the people but for a condition that excludes, such as a group of those who are suspended. */
interface Excluded {
  readonly kind: "excluded";
}

const excluded: Excluded = { kind: "excluded" };

/** A grant whose people somebody certainly is one of, or would be if nothing excluded. */
export interface OwnGrant {
  readonly grant: string;
  readonly set: string;
  readonly source: Source;
  /** What it gives, or would give. */
  readonly entitlements: readonly Entitlement[];
  readonly until?: Instant;
  /** What keeps it from this login; absent: nothing, or a claim that did not arrive whole. */
  readonly failed?: FailedCondition | Excluded;
  readonly isGiven: boolean;
}

/**
 * The grants that are meant for somebody, given to this login or not. Those of other people are not among them: what a person
 * is told of the policy is what concerns that person.
 */
export function ownGrants(policy: Policy, facts: LoginFacts): OwnGrant[] {
  const { tenants, rules, deviceLogin } = policy;
  if (!tenants.get(facts.tenant)?.identityProviders.includes(facts.identityProvider)) return [];
  const claims = viewClaims(facts.claims);
  return (rules.get(facts.tenant)?.grants ?? []).flatMap((grant) => {
    if (grant.people.from !== facts.identityProvider) return [];
    const people = evaluatePeople(grant.people, claims);
    const isExcluded = people.truth === "no" && evaluatePeople({ ...grant.people, not: [] }, claims).truth === "yes";
    if (people.truth !== "yes" && !isExcluded) return [];
    const { kind, condition = isExcluded ? excluded : undefined } = evaluateGrant(
      deviceLogin,
      grant,
      facts,
      claims,
      people,
    );
    return [
      {
        grant: grant.id,
        set: grant.set.name,
        source: grant.source,
        entitlements: [...grant.entitlements.values()].flat(),
        isGiven: kind === "given",
        ...(grant.until !== undefined && { until: grant.until }),
        ...(condition !== undefined && { failed: condition }),
      },
    ];
  });
}
