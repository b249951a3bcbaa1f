import type { Claims } from "../../core/index.ts";
import type { LoginFacts, People, Policy } from "../model.ts";
import { assuranceClaim } from "./decide.ts";
import { viewClaims } from "./view.ts";

/**
 * Of a login's claims those that the policy reads, and nothing else: what is enough to decide again, later or by another
 * version of the policy. A claim that did not arrive whole is kept as that.
 */
export function claimsThatCount(
  policy: Policy,
  { tenant, identityProvider, claims }: Pick<LoginFacts, "tenant" | "identityProvider" | "claims">,
): Claims {
  const view = viewClaims(claims);
  const reads = [...claimsRead(policy, { tenant, identityProvider })];
  const away = reads.filter((claim) => !view(claim).whole);
  const whole = reads.filter((claim) => view(claim).whole && view(claim).present);
  return {
    ...Object.fromEntries(whole.map((claim) => [claim, claims[claim]])),
    ...(away.length > 0 && { _claim_names: Object.fromEntries(away.map((claim) => [claim, "elsewhere"])) }),
  };
}

function claimsRead(
  policy: Policy,
  { tenant, identityProvider }: Pick<LoginFacts, "tenant" | "identityProvider">,
): Set<string> {
  const rules = policy.rules.get(tenant);
  const grants = (rules?.grants ?? []).filter(({ people }) => people.from === identityProvider);
  const deciders = (rules?.requestable?.deciders ?? []).filter(({ from }) => from === identityProvider);
  return new Set([
    ...grants.flatMap(({ people, assurance }) => [
      ...claimsOf(people),
      ...(assurance.length > 0 ? [assuranceClaim] : []),
    ]),
    ...deciders.flatMap(claimsOf),
  ]);
}

const claimsOf = ({ all, any, not, cel }: People): readonly string[] => [
  ...[...all, ...any, ...not].flatMap((atom) =>
    atom.verified ? [atom.claim, `${atom.claim}_verified`] : [atom.claim],
  ),
  ...(cel?.reads ?? []),
];
