import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, Instant, Seal, SubjectId, TargetName, TenantName } from "../../core/index.ts";
import { lastTokensFor, peopleOfTenant, pseudonymOf, type TenantPerson } from "../../issuer/index.ts";
import { factsAt, type Policy } from "../../policy/index.ts";
import type { Store } from "../../store/index.ts";
import { byKey, type Entry, type KnownMember, personEntry, withMembers } from "./everybody.ts";

export { shownName } from "./everybody.ts";

/** What is known of a tenant's people, and what the policy gave them, at one moment. */
export interface TenantView {
  readonly at: Instant;
  /** By name, as people look for each other. */
  readonly people: readonly TenantPerson[];
  /** By the id of a grant: who holds what it gives. */
  readonly holders: ReadonlyMap<string, readonly TenantPerson[]>;
  /** The groups that they are in. */
  readonly groups: ReadonlySet<string>;
  /** Those of `people` in whose name, user name, address or id the text occurs, whatever the case. */
  search(text: string): readonly TenantPerson[];
  find(sub: string): TenantPerson | undefined;
  /** All people: those of `people`, and members who did not log in lately. */
  everybody(members: readonly KnownMember[]): readonly Entry[];
  /** When a person last got a token for a target; nothing where none is remembered. */
  lastToken(sub: SubjectId, target: TargetName): Instant | undefined;
}

interface Deps {
  readonly seal: Seal;
  readonly store: Store;
  readonly policy: Policy;
  readonly clock: Clock;
}

/** After so many seconds a view is made anew beside whoever looks, and after so many nobody is shown it any more. */
const renewedAfter = 5;
const outdatedAfter = 30;
/** So many people are judged in one turn of the event loop: a token request must not wait for a list. */
const peopleInATurn = 250;

/** A tenant's view; with `since` one that has seen all that was there at that moment. */
export type ViewOf = (tenant: TenantName, since?: Instant) => Promise<TenantView>;

/** Makes what shows a tenant's people, and keeps each view for some seconds: of a large tenant it takes a moment to make. */
export function createTenantViews(deps: Deps): ViewOf {
  const kept = new Map<TenantName, { view?: TenantView; digest?: string; making?: Promise<TenantView> }>();
  return (tenant, since) => {
    const entry = kept.get(tenant) ?? {};
    kept.set(tenant, entry);
    const renew = () => {
      const { digest } = deps.policy;
      entry.making ??= makeView(deps, tenant)
        .then((view) => {
          Object.assign(entry, { view, digest });
          return view;
        })
        .finally(() => {
          delete entry.making;
        });
      return entry.making;
    };
    const { view } = entry;
    if (since !== undefined && view !== undefined && view.at <= since)
      // One that is being made may have looked before.
      return renew().then((made) => (made.at < since ? renew() : made));
    const age = view === undefined ? Number.POSITIVE_INFINITY : deps.clock.now() - view.at;
    if (view === undefined || age > outdatedAfter || entry.digest !== deps.policy.digest) return renew();
    // Whoever renews beside a reader has nobody to tell: the next reader who must wait is told.
    if (age > renewedAfter) renew().catch(() => undefined);
    return Promise.resolve(view);
  };
}

async function makeView(deps: Deps, tenant: TenantName): Promise<TenantView> {
  const { store, policy, clock } = deps;
  const at = clock.now();
  const tokens = await tokensByTarget(deps, tenant);
  const found = await peopleOfTenant({ store }, tenant);
  const holders = new Map<string, TenantPerson[]>();
  const groups = new Set<string>();
  const pseudonyms = new Map<string, string>();
  const prepared: ReturnType<typeof personEntry>[] = [];
  for (const person of found) {
    prepared.push(personEntry(person));
    if (tokens.size > 0) pseudonyms.set(person.sub, pseudonymOf(deps, person.sub));
    for (const grant of heldBy(policy, person, at)) {
      const known = holders.get(grant);
      if (known) known.push(person);
      else holders.set(grant, [person]);
    }
    for (const group of groupsOf(person)) groups.add(group);
    if (prepared.length % peopleInATurn === 0) await nextTurn();
  }
  prepared.sort(byKey);
  await nextTurn();
  const bySub = new Map<string, TenantPerson>(found.map((person) => [person.sub, person]));
  return {
    at,
    people: prepared.map(({ person }) => person),
    holders,
    groups,
    search: (text) => {
      const wanted = text.toLowerCase();
      return prepared.flatMap((one) => (one.text.includes(wanted) ? [one.person] : []));
    },
    find: (sub) => bySub.get(sub),
    everybody: forTheLast((members) => withMembers(prepared, members)),
    lastToken: (sub, target) => tokens.get(target)?.get(pseudonyms.get(sub) ?? ""),
  };
}

/** Keeps what was made of the last list: many look at the same one. */
function forTheLast<T extends object, R>(make: (list: T) => R): (list: T) => R {
  let last: { readonly of: T; readonly made: R } | undefined;
  return (list) => {
    if (last?.of !== list) last = { of: list, made: make(list) };
    return last.made;
  };
}

/** When each of a tenant's people last got a token, target by target: of one at a time, so that no token request waits for all. */
async function tokensByTarget(
  { store, policy }: Deps,
  tenant: TenantName,
): Promise<ReadonlyMap<TargetName, ReadonlyMap<string, Instant>>> {
  const found = new Map<TargetName, ReadonlyMap<string, Instant>>();
  for (const target of policy.targets.keys()) {
    const tokens = await lastTokensFor({ store }, { tenant, target });
    if (tokens.size > 0) found.set(target, tokens);
    await nextTurn();
  }
  return found;
}

/** The grants that a person holds. */
function heldBy(policy: Policy, person: TenantPerson, at: Instant): string[] {
  const decision = policy.decide(factsAt({ ...person, person: person.sub }, at));
  return decision.kind === "decided" ? decision.grants.flatMap(({ matched, grant }) => (matched ? [grant] : [])) : [];
}

function groupsOf({ claims }: TenantPerson): string[] {
  const held = claims["groups"];
  return Array.isArray(held) ? held.filter((group) => typeof group === "string") : [];
}
