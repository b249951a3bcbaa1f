import {
  type ApiProblem,
  type Entitlement,
  err,
  type IdentityProviderAlias,
  type Instant,
  ok,
  type Result,
  refusal,
  type TargetName,
} from "../../core/index.ts";
import { type LastToken, lastTokensOf, reachOf } from "../../issuer/index.ts";
import { factsAt, type GrantTrace } from "../../policy/index.ts";
import { keystoneUserId } from "../../targets/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type AnyPerson, type Entry, type ListedPerson, listedPerson } from "./everybody.ts";
import { type GrantSince, grantSince } from "./grant-since.ts";
import { knownMembers, type MembersKnown } from "./members.ts";
import { type PageOf, pageOf } from "./page-of.ts";
import { knownDomains } from "./projects/list.ts";
import { searchPeople } from "./search-people.ts";

/** Which people, of whom, from where on. */
interface PeopleQuestion {
  readonly tenant: string;
  /** Part of a name, user name, address or id; a Keystone user id or the id of an access request. */
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** All people of a tenant, and how far they are known. */
export interface PeoplePage extends PageOf<AnyPerson> {
  /** When those who logged in were looked up. */
  readonly at: Instant;
  readonly members: MembersKnown;
  /** Clouds that a search by a Keystone user id could not look at. */
  readonly notLookedAt: readonly TargetName[];
}

/**
 * All people of a tenant in one list: those of its identity providers who logged in lately, and the members of its organization. The
 * search is over all of them, not over what a page shows. A realm that is away keeps nobody else from being shown.
 */
export async function listPeople(
  { tenant, search = "", ...page }: PeopleQuestion,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PeoplePage, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const [view, { known, members }] = await Promise.all([
    deps.viewOf(reached.value.tenant.name),
    knownMembers(deps, reached.value),
  ]);
  const { found, notLookedAt } = await searchPeople(view.everybody(members), search, deps, caller, reached.value);
  const { items, ...rest } = pageOf(found, ({ sub }) => sub, page);
  const isMember = (alias: IdentityProviderAlias) => deps.members?.organizationOf(alias) !== undefined;
  return ok({
    ...rest,
    items: items.flatMap((entry) => anyPerson(entry, isMember)),
    ...{ at: view.at, members: known, notLookedAt },
  });
}

function anyPerson({ person, member }: Entry, isMember: (alias: IdentityProviderAlias) => boolean): AnyPerson[] {
  const state = member && { state: member.state };
  if (person !== undefined) {
    const kind = isMember(person.identityProvider) ? "member" : "identity-provider";
    return [{ ...listedPerson(person), kind, ...state }];
  }
  if (member === undefined) return [];
  const { sub, name, email, alias } = member;
  return [{ sub, name, preferredUsername: email, email, identityProvider: alias, kind: "member", ...state }];
}

/** A right of a person, with the grant behind it. */
export interface HeldRight extends Entitlement {
  /** End of the grant's window. */
  readonly until?: Instant;
  /** Since when the grant stands as it does; nothing where no commit is known of it. */
  readonly since?: GrantSince;
  /** When the person last got a token for the target; nothing where none is remembered. */
  readonly lastToken?: Instant;
}

/** All that a tenant's manager may know of a person. */
export interface ShownPerson extends ListedPerson {
  readonly rights: readonly HeldRight[];
  /** Why the rights cannot be told, when a claim did not arrive whole at the last login. */
  readonly unknown?: string;
  readonly logins: readonly { readonly client: string; readonly startedAt: Instant; readonly expiresAt: Instant }[];
  readonly browsers: number;
  /** What Keystone calls the person, on the clouds whose domain of the tenant somebody looked at lately. */
  readonly keystoneUsers: readonly { readonly cloud: TargetName; readonly id: string }[];
}

/** A person of a tenant: rights as of the last login, and what is open now. Somebody else's is not found (S-46). */
export async function showTenantPerson(
  { tenant, sub }: { readonly tenant: string; readonly sub: string },
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<ShownPerson, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const person = (await deps.viewOf(reached.value.tenant.name)).find(sub);
  if (person === undefined) return err(refusal("not_found", "there is no such person"));
  const decision = deps.policy.decide(factsAt({ ...person, person: person.sub }, deps.clock.now()));
  const { logins, sessions } = await reachOf(deps, person.sub);
  const tokens = await lastTokensOf(deps, person.sub);
  const domains = await knownDomains(deps, caller, reached.value.tenant);
  return ok({
    ...listedPerson(person),
    rights: decision.kind === "decided" ? await rightsOf(decision, tokens, deps) : [],
    ...(decision.kind === "unknown" && { unknown: decision.because }),
    logins: logins.map(({ client, startedAt, expiresAt }) => ({ client, startedAt, expiresAt })),
    browsers: sessions.length,
    keystoneUsers: domains.map(({ cloud, id }) => ({ cloud, id: keystoneUserId(id, person.sub) })),
  });
}

async function rightsOf(
  { entitlements, grants }: { readonly entitlements: readonly Entitlement[]; readonly grants: readonly GrantTrace[] },
  tokens: ReadonlyMap<TargetName, LastToken>,
  deps: ConsoleDeps,
): Promise<HeldRight[]> {
  const sinceOf = await grantSince(deps);
  return Promise.all(
    entitlements.map(async (entitlement) => {
      const until = grants.find(({ grant }) => grant === entitlement.grant)?.until;
      const [since, lastToken] = [await sinceOf(entitlement.source), tokens.get(entitlement.target)?.at];
      return {
        ...entitlement,
        ...(until !== undefined && { until }),
        ...(since !== undefined && { since }),
        ...(lastToken !== undefined && { lastToken }),
      };
    }),
  );
}
