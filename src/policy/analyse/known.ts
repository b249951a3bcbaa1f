import {
  type Claims,
  formatEntitlement,
  formatScope,
  type IdentityProviderAlias,
  type Instant,
  instant,
  type Scope,
  type TargetName,
  type TenantName,
} from "../../core/index.ts";
import type { Problem } from "../../yaml/index.ts";
import { withImplied } from "../link/ceiling.ts";
import type { CountRule, Grant, LoginFacts, Policy } from "../model.ts";

/*
 * What policies mean for the people who signed in lately. They are known by a pseudonym and by the claims that the
 * policy reads, nothing else.
 */

/** A person of the ledger of last logins. */
export interface KnownPerson {
  /** A pseudonym: the same for the same person, and no way back. */
  readonly person: string;
  readonly tenant: TenantName;
  readonly identityProvider: IdentityProviderAlias;
  readonly claims: Claims;
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  /** Last login. */
  readonly at: Instant;
}

/** A person's last login, as if it were repeated in a browser at another moment. */
export const factsAt = ({ person: _person, acr, ...known }: KnownPerson, at: Instant): LoginFacts => ({
  ...known,
  ...(acr !== undefined && { acr }),
  loginMethod: "browser",
  client: "cloudpass",
  at,
});

/** A right that is asked about, as `formatEntitlement` writes it: target, scope in words, role. */
export interface Asked {
  readonly target: TargetName;
  readonly scope: string;
  readonly role: string;
}

/** A grant by which the right that was asked about is held, and the right itself: the same, or one that holds it. */
interface Holding {
  readonly grant: Grant;
  readonly by: string;
}

/** The grants that give a right: by itself, by a role that implies it, or on a place that holds the place. */
export function whoHolds(policy: Policy, asked: Asked): Holding[] {
  const target = policy.targets.get(asked.target);
  if (target === undefined) return [];
  return [...policy.rules.values()].flatMap(({ grants }) =>
    grants.flatMap((grant) => {
      const found = (grant.entitlements.get(asked.target) ?? []).find(
        (e) => withImplied(e.role, target).has(asked.role) && covers(e.scope, asked.scope),
      );
      return found === undefined ? [] : [{ grant, by: formatEntitlement(found) }];
    }),
  );
}

const covers = (scope: Scope, asked: string): boolean =>
  formatScope(scope) === asked ||
  (scope.kind === "inherited" && asked.startsWith(`project ${scope.domain}/`)) ||
  (scope.kind === "cluster" && /^namespaces? /.test(asked));

/** The people to whom a grant is given at a moment. */
export const holdersOf = (policy: Policy, grant: Grant, people: readonly KnownPerson[], at: Instant): KnownPerson[] =>
  people.filter((person) => {
    if (person.tenant !== grant.tenant || person.identityProvider !== grant.people.from) return false;
    const decision = policy.decide(factsAt(person, at));
    return decision.kind === "decided" && decision.grants.some((trace) => trace.matched && trace.grant === grant.id);
  });

/** What a change of the policy does to one right: who gains it, who loses it (pseudonyms). */
export interface RightChange {
  readonly target: TargetName;
  /** The right in words, without its target. */
  readonly right: string;
  readonly gain: readonly string[];
  readonly lose: readonly string[];
}

/** What people gain and lose when `after` takes the place of `before`, and for whom it cannot be said. */
export function differences(
  before: Policy,
  after: Policy,
  people: readonly KnownPerson[],
  at: Instant,
): { readonly changes: readonly RightChange[]; readonly unclear: readonly string[] } {
  const found = new Map<string, { target: TargetName; right: string; gain: string[]; lose: string[] }>();
  const unclear: string[] = [];
  const note = (text: string, { target, right }: HeldRight, side: "gain" | "lose", person: string) => {
    const change = found.get(text) ?? { target, right, gain: [], lose: [] };
    change[side].push(person);
    found.set(text, change);
  };
  for (const { person, ...login } of people) {
    const [old, young] = [before, after].map((policy) => rightsOf(policy, { person, ...login }, at));
    if (old === undefined || young === undefined) unclear.push(person);
    for (const [text, right] of young ?? []) if (old !== undefined && !old.has(text)) note(text, right, "gain", person);
    for (const [text, right] of old ?? [])
      if (young !== undefined && !young.has(text)) note(text, right, "lose", person);
  }
  return { changes: [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change), unclear };
}

/** One right of a person: where, and what in words (its target left out). */
interface HeldRight {
  readonly target: TargetName;
  readonly right: string;
}

/** A person's rights by their whole text, which names each once; `undefined` when they cannot be told. */
function rightsOf(policy: Policy, person: KnownPerson, at: Instant): ReadonlyMap<string, HeldRight> | undefined {
  const decision = policy.decide(factsAt(person, at));
  if (decision.kind === "unknown") return undefined;
  return new Map(
    decision.entitlements.map((e) => [
      formatEntitlement(e),
      { target: e.target, right: `${formatScope(e.scope)} ${e.role}` },
    ]),
  );
}

/** A count rule that does not hold for the people known. */
interface WrongCount {
  readonly rule: CountRule;
  readonly problem: Problem;
}

/** The count rules that do not hold at a moment, at their places. */
export function wrongCounts(policy: Policy, people: readonly KnownPerson[], at: Instant): WrongCount[] {
  return [...policy.rules.values()].flatMap(({ counts, grants }) =>
    counts.flatMap((rule) => {
      const lately = people.filter((person) => person.at > instant(at - rule.within));
      const giving = grants.filter((grant) => grant.set === rule.set);
      const holders = new Set(giving.flatMap((grant) => holdersOf(policy, grant, lately, at).map((p) => p.person)))
        .size;
      if (holders >= rule.min && holders <= rule.max) return [];
      const limit = holders < rule.min ? `at least ${rule.min}` : `at most ${rule.max}`;
      const message = `${holders} known people hold "${rule.set.name}", where ${limit} should`;
      return [{ rule, problem: { ...rule.source, column: 1, path: "", message } }];
    }),
  );
}
