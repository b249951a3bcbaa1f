import type { TextFile } from "../../config/index.ts";
import {
  type Claims,
  type IdentityProviderAlias,
  type Instant,
  isoTime,
  type Source,
  type TenantName,
} from "../../core/index.ts";
import {
  type Asked,
  differences,
  type Explanation,
  explain,
  factsAt,
  formatPeople,
  type Grant,
  holdersOf,
  type KnownPerson,
  type LoginFacts,
  type LoginMethod,
  loadPolicy,
  type Policy,
  type RightChange,
  whoHolds,
} from "../../policy/index.ts";
import { suggest } from "../../yaml/index.ts";
import { OperationRefused, orRefuse } from "../refused.ts";
import { knownTarget } from "../targets/reach.ts";

/** A login that is made up, to see what it would give. */
export interface ImaginedLogin {
  readonly identityProvider: IdentityProviderAlias;
  /** Absent: the tenant that the identity provider belongs to. */
  readonly tenant?: TenantName;
  readonly claims: Claims;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly loginMethod: LoginMethod;
  readonly client: string;
}

/** Whose rights are asked about. */
interface RightsQuestion {
  readonly policy: Policy;
  readonly who: { readonly login: ImaginedLogin } | { readonly known: KnownPerson };
  /** Only this cloud or cluster. */
  readonly target?: string;
  readonly at: Instant;
}

/** Why a person would have which rights at a moment. */
export function explainRights({ policy, who, target, at }: RightsQuestion): Explanation {
  const facts = "known" in who ? factsAt(who.known, at) : factsOf(policy, who.login, at);
  return explain(policy, facts, target === undefined ? undefined : knownTarget(policy, target).name);
}

function factsOf(policy: Policy, login: ImaginedLogin, at: Instant): LoginFacts {
  const { identityProvider, claims, amr, acr, loginMethod, client } = login;
  const tenant = login.tenant ?? policy.tenantOfIdentityProvider(identityProvider)?.name;
  if (tenant === undefined) {
    const known = [...policy.tenants.values()].flatMap((t) => t.identityProviders);
    throw new OperationRefused(`no tenant has the identity provider "${identityProvider}"`, {
      meaning: suggest(identityProvider, known),
    });
  }
  return { tenant, identityProvider, claims, amr, ...(acr !== undefined && { acr }), loginMethod, client, at };
}

/** A grant by which a right is held. */
interface GrantOfRight {
  readonly grant: string;
  readonly tenant: string;
  /** The right itself, or one that holds it. */
  readonly by: string;
  readonly people: string;
  readonly conditions: string;
  readonly limits: readonly string[];
  readonly source: Source;
  /** Pseudonyms of the known people who have it, when there are known people. */
  readonly known?: readonly string[];
}

/** Goes backwards from a right to the grants that give it, to whom, and how many known people that is. */
export function explainHolders({
  policy,
  right,
  people,
  at,
}: {
  readonly policy: Policy;
  readonly right: { readonly target: string; readonly scope: string; readonly role: string };
  readonly people?: readonly KnownPerson[];
  readonly at: Instant;
}): { readonly asked: Asked; readonly grants: readonly GrantOfRight[] } {
  const asked: Asked = { target: knownTarget(policy, right.target).name, scope: right.scope, role: right.role };
  const grants = whoHolds(policy, asked).map(({ grant, by }) => ({
    ...grantOfRight(grant, by, at),
    ...(people !== undefined && { known: holdersOf(policy, grant, people, at).map(({ person }) => person) }),
  }));
  return { asked, grants };
}

const grantOfRight = (grant: Grant, by: string, at: Instant) => ({
  grant: grant.id,
  tenant: grant.tenant,
  by,
  people: grant.people.name,
  conditions: formatPeople(grant.people),
  limits: limitsOf(grant, at),
  source: grant.source,
});

const limitsOf = ({ from, until, amr, acr, assurance, set }: Grant, at: Instant): string[] => [
  ...(from !== undefined ? [`${at < from ? "not before" : "since"} ${isoTime(from)}`] : []),
  ...(until !== undefined ? [`${at < until ? "until" : "over since"} ${isoTime(until)}`] : []),
  ...(amr.length > 0 ? [`with the authentication method ${amr.join(", ")}`] : []),
  ...(acr.length > 0 ? [`with the authentication class ${acr.join(" or ")}`] : []),
  ...(assurance.length > 0 ? [`with the assurance ${assurance.join(", ")}`] : []),
  ...(set.elevatedBy !== undefined ? [`not by a device login, but of clients that may (${set.elevatedBy})`] : []),
];

/** Who gains or loses what when a policy takes another's place. */
export function explainChange({
  before,
  policy,
  people,
  at,
}: {
  /** The files of the policy that is in force, and how that one is called. */
  readonly before: { readonly name: string; readonly files: readonly TextFile[] };
  readonly policy: Policy;
  readonly people: readonly KnownPerson[];
  readonly at: Instant;
}): { readonly changes: readonly RightChange[]; readonly unclear: readonly string[] } {
  return differences(orRefuse(loadPolicy(before.files), before.name), policy, people, at);
}
