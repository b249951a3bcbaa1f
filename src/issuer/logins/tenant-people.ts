import type { Claims, Instant, Person, SubjectId, TenantName } from "../../core/index.ts";
import { claimsThatCount } from "../../policy/index.ts";
import { defineKind } from "../../store/index.ts";
import type { IssuerDeps } from "../deps.ts";

/** A person as the managers of the tenant see one: as of the last login. */
export interface TenantPerson {
  readonly sub: SubjectId;
  readonly tenant: TenantName;
  readonly identityProvider: Person["identityProvider"];
  /** The person's id at Keycloak. */
  readonly realmSubject: string;
  readonly preferredUsername: string;
  readonly name?: string;
  readonly email?: string;
  /** Of the claims, those that the policy reads, and `sub`, by which a right is given to this person alone. */
  readonly claims: Claims;
  readonly amr: readonly string[];
  readonly acr?: string;
  /** Last login. */
  readonly at: Instant;
}

const personKind = defineKind<TenantPerson>()("tenant-person", [
  "sub",
  "tenant",
  "identityProvider",
  "realmSubject",
  "preferredUsername",
  "name",
  "email",
  "claims",
  "amr",
  "acr",
  "at",
]);

type Deps = Pick<IssuerDeps, "store" | "seal" | "clock" | "policy"> & {
  readonly times: Pick<IssuerDeps["times"], "knownPerson">;
};

/**
 * Notes who logged in, by name, for the managers of the tenant; only where the policy has a console. Ends with the person
 * (`people revoke`) and after `lifetimes.knownPerson`, as the ledger's pseudonyms do.
 */
export async function rememberInTenant(deps: Deps, person: Person): Promise<void> {
  const { store, seal, clock, policy, times } = deps;
  if (![...policy.targets.values()].some(({ kind }) => kind === "console")) return;
  const { sub, tenant, identityProvider, realmSubject, preferredUsername, name, email, amr, acr, claims } = person;
  const entry: TenantPerson = {
    sub,
    tenant,
    identityProvider,
    realmSubject,
    preferredUsername,
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email }),
    claims: { ...claimsThatCount(policy, person), ...(typeof claims["sub"] === "string" && { sub: claims["sub"] }) },
    amr,
    ...(acr !== undefined && { acr }),
    at: clock.now(),
  };
  const id = seal.hash("tenant person", sub);
  await store.take(personKind, id);
  await store.put(personKind, id, entry, {
    ttl: times.knownPerson,
    tags: [
      { kind: "person", sub },
      { kind: "tenant-people", tenant },
    ],
  });
}

/** Everybody of a tenant who logged in lately. */
export async function peopleOfTenant(
  { store }: Pick<IssuerDeps, "store">,
  tenant: TenantName,
): Promise<readonly TenantPerson[]> {
  return (await store.list(personKind, { kind: "tenant-people", tenant })).map(({ value }) => value);
}
