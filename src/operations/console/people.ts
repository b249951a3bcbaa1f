import {
  type ApiProblem,
  type Entitlement,
  err,
  type IdentityProviderAlias,
  type Instant,
  ok,
  type Result,
  refusal,
  type SubjectId,
  type TargetName,
} from "../../core/index.ts";
import { type LastToken, lastTokensOf, reachOf, type TenantPerson } from "../../issuer/index.ts";
import { factsAt, type GrantTrace } from "../../policy/index.ts";
import { type Caller, reachTenant } from "./caller.ts";
import type { ConsoleDeps } from "./deps.ts";
import { type GrantSince, grantSince } from "./grant-since.ts";
import { type PageOf, pageOf } from "./page-of.ts";
import { shownName } from "./tenant-view.ts";

/** A person in a list. */
export interface ListedPerson {
  readonly sub: SubjectId;
  /** The name, or the user name where there is none. */
  readonly name: string;
  readonly preferredUsername: string;
  readonly email?: string;
  readonly identityProvider: IdentityProviderAlias;
  readonly lastLogin: Instant;
}

/** Which people, of whom, from where on. */
interface PeopleQuestion {
  readonly tenant: string;
  /** Part of a name, user name, address or id. */
  readonly search?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** People of a tenant who logged in lately; the search is over all of them, not over what a page shows. */
export async function listPeople(
  { tenant, search, ...page }: PeopleQuestion,
  deps: ConsoleDeps,
  caller: Caller,
): Promise<Result<PageOf<ListedPerson> & { readonly at: Instant }, ApiProblem>> {
  const reached = reachTenant(deps, caller, tenant);
  if (!reached.ok) return reached;
  const view = await deps.viewOf(reached.value.tenant.name);
  const found = search === undefined || search.trim() === "" ? view.people : view.search(search.trim());
  const { items, ...rest } = pageOf(found, ({ sub }) => sub, page);
  return ok({ ...rest, items: items.map(listedPerson), at: view.at });
}

/** A person as lists show one. */
export const listedPerson = (person: TenantPerson): ListedPerson => ({
  sub: person.sub,
  name: shownName(person),
  preferredUsername: person.preferredUsername,
  ...(person.email !== undefined && { email: person.email }),
  identityProvider: person.identityProvider,
  lastLogin: person.at,
});

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
  return ok({
    ...listedPerson(person),
    rights: decision.kind === "decided" ? await rightsOf(decision, tokens, deps) : [],
    ...(decision.kind === "unknown" && { unknown: decision.because }),
    logins: logins.map(({ client, startedAt, expiresAt }) => ({ client, startedAt, expiresAt })),
    browsers: sessions.length,
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
