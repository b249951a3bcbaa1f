import type { Claims, Instant, Person } from "../../core/index.ts";
import { claimsThatCount, type KnownPerson } from "../../policy/index.ts";
import { defineKind, type Tag } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";
import { pseudonymOf } from "./last-tokens.ts";
import { rememberInTenant } from "./tenant-people.ts";

/** A person of the ledger, as the store keeps one. */
interface Entry {
  readonly person: string;
  readonly tenant: Person["tenant"];
  readonly identityProvider: Person["identityProvider"];
  readonly claims: Claims;
  readonly amr: readonly string[];
  readonly acr?: string;
  readonly at: Instant;
}

export const entryKind = defineKind<Entry>()(
  "known-person",
  ["person", "tenant", "identityProvider", "claims", "amr", "acr", "at"],
  { stored: { identityProvider: { name: "upstream" } } },
);

/** All entries, for reading them. */
const everybody: Tag = { kind: "known-people" };

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "policy"> & {
  readonly times: Pick<IssuerDeps["times"], "knownPerson">;
};

/**
 * Notes who logged in, so that an operator can say before a change whom it would touch: a pseudonym, and of the claims
 * only those that the policy reads. Ends with the person (`people revoke`) and after `lifetimes.knownPerson`.
 */
export async function rememberPerson(deps: Deps, person: Person): Promise<void> {
  await rememberInTenant(deps, person);
  const { store, seal, clock, policy, times } = deps;
  const id = seal.hash("known person", person.sub);
  const { tenant, identityProvider, amr, acr } = person;
  const claims = claimsThatCount(policy, person);
  const entry: Entry = {
    person: pseudonymOf(deps, person.sub),
    tenant,
    identityProvider,
    claims,
    amr,
    ...(acr !== undefined && { acr }),
    at: clock.now(),
  };
  // A second login at the same moment may come between; either entry is as good.
  await store.take(entryKind, id);
  await store.put(entryKind, id, entry, {
    ttl: times.knownPerson,
    tags: [{ kind: "person", sub: person.sub }, everybody],
  });
}

/** Everybody in the ledger. */
export async function knownPeople({ store }: Pick<IssuerDeps, "store">): Promise<readonly KnownPerson[]> {
  return (await store.list(entryKind, everybody)).map(({ value }) => value);
}
