import { setImmediate as nextTurn } from "node:timers/promises";
import type { Clock, Instant, TenantName } from "../../core/index.ts";
import { peopleOfTenant, type TenantPerson } from "../../issuer/index.ts";
import { factsAt, type Policy } from "../../policy/index.ts";
import type { Store } from "../../store/index.ts";

/** What is known of a tenant's people, and what the policy gave them, at one moment. */
export interface TenantView {
  readonly at: Instant;
  /** By name, as people look for each other. */
  readonly people: readonly TenantPerson[];
  /** By the id of a grant: who holds what it gives. */
  readonly holders: ReadonlyMap<string, readonly TenantPerson[]>;
  /** Those of `people` in whose name, user name, address or id the text occurs, whatever the case. */
  search(text: string): readonly TenantPerson[];
  find(sub: string): TenantPerson | undefined;
}

interface Deps {
  readonly store: Store;
  readonly policy: Policy;
  readonly clock: Clock;
}

/** After so many seconds a view is made anew beside whoever looks, and after so many nobody is shown it any more. */
const renewedAfter = 5;
const outdatedAfter = 30;
/** So many people are judged in one turn of the event loop: a token request must not wait for a list. */
const peopleInATurn = 250;

/** Makes what shows a tenant's people, and keeps each view for some seconds: of a large tenant it takes a moment to make. */
export function createTenantViews(deps: Deps): (tenant: TenantName) => Promise<TenantView> {
  const kept = new Map<TenantName, { view?: TenantView; digest?: string; making?: Promise<TenantView> }>();
  return (tenant) => {
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
    const age = view === undefined ? Number.POSITIVE_INFINITY : deps.clock.now() - view.at;
    if (view === undefined || age > outdatedAfter || entry.digest !== deps.policy.digest) return renew();
    // Whoever renews beside a reader has nobody to tell: the next reader who must wait is told.
    if (age > renewedAfter) renew().catch(() => undefined);
    return Promise.resolve(view);
  };
}

const byName = new Intl.Collator("und", { sensitivity: "base", numeric: true });

/** A person's name as lists show it. */
export const shownName = ({ name, preferredUsername }: Pick<TenantPerson, "name" | "preferredUsername">): string =>
  name ?? preferredUsername;

async function makeView({ store, policy, clock }: Deps, tenant: TenantName): Promise<TenantView> {
  const at = clock.now();
  const found = await peopleOfTenant({ store }, tenant);
  const people = [...found].sort((a, b) => byName.compare(shownName(a), shownName(b)) || (a.sub < b.sub ? -1 : 1));
  const texts = people.map((p) => [p.name, p.preferredUsername, p.email, p.sub].join("\n").toLowerCase());
  const bySub = new Map<string, TenantPerson>(people.map((person) => [person.sub, person]));
  return {
    at,
    people,
    holders: await holdersOf(policy, people, at),
    search: (text) => people.filter((_, i) => texts[i]?.includes(text.toLowerCase())),
    find: (sub) => bySub.get(sub),
  };
}

async function holdersOf(
  policy: Policy,
  people: readonly TenantPerson[],
  at: Instant,
): Promise<ReadonlyMap<string, readonly TenantPerson[]>> {
  const holders = new Map<string, TenantPerson[]>();
  for (const [i, person] of people.entries()) {
    if (i % peopleInATurn === peopleInATurn - 1) await nextTurn();
    const decision = policy.decide(factsAt({ ...person, person: person.sub }, at));
    for (const { matched, grant } of decision.kind === "decided" ? decision.grants : []) {
      if (!matched) continue;
      const known = holders.get(grant);
      if (known) known.push(person);
      else holders.set(grant, [person]);
    }
  }
  return holders;
}
