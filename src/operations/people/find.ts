import type { Environment } from "../../config/index.ts";
import { type Random, type SubjectId, subjectId } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import { peopleNamed } from "../../realms/index.ts";
import type { BrokerState } from "../broker-state.ts";
import { realmOf } from "../holdings.ts";
import { peopleAtRealm } from "./show.ts";

/** Whom an operation is about. */
export interface NamedPerson {
  readonly sub: SubjectId;
  /** Keycloak's id of the person, when it is Keycloak that knew the name. */
  readonly realmSubject?: string;
}

/** A name, and where it may be known besides the broker. */
export interface PersonQuestion {
  /** Alias of the identity provider. */
  readonly alias: string;
  /** As of the last sign-in. */
  readonly name: string;
  /** With it Keycloak is asked for those who are not signed in. */
  readonly environment?: Environment;
  /** Says whose customer the identity provider is; asked for only then. */
  policy(): Promise<Policy>;
}

/** Everybody whom this name may mean: those who are signed in, or else those whom Keycloak knows. Throws `Fault`. */
export async function findPeople(
  question: PersonQuestion,
  deps: BrokerState & { readonly random: Random },
): Promise<readonly NamedPerson[]> {
  const { alias, name } = question;
  const signedIn = await (await peopleAtRealm(deps)).named(alias, name);
  return signedIn.length > 0 ? signedIn.map((sub) => ({ sub })) : knownToKeycloak(question, deps);
}

async function knownToKeycloak(
  { alias, name, environment, policy }: PersonQuestion,
  { config, clock, random }: BrokerState & { readonly random: Random },
): Promise<readonly NamedPerson[]> {
  if (environment === undefined) return [];
  const { issuer } = config.upstream;
  const realm = realmOf(environment, issuer);
  const tenant = [...(await policy()).tenants.values()].find((t) =>
    t.identityProviders.some((known) => known === alias),
  );
  if (realm === undefined || tenant === undefined) return [];
  const ids = await peopleNamed(realm.connection, realm.name, { alias, name }, { clock, random });
  return ids.map((id) => ({ sub: subjectId(issuer, id, tenant.name), realmSubject: id }));
}
