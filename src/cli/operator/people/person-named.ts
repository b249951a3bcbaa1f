import { subjectId, systemRandom } from "../../../core/index.ts";
import { peopleNamed } from "../../../realms/index.ts";
import { CommandFailure, plain } from "../../failure.ts";
import type { Terminal } from "../../terminal.ts";
import { readBrokerConfig } from "../broker-config.ts";
import { openEnvironment, readPolicy } from "../files.ts";
import { realmOf } from "../leaving.ts";
import type { PeopleTools } from "../tools.ts";

/** Whom an operator's command is about. */
export interface NamedPerson {
  /** The broker's subject, `p-…`. */
  readonly sub: string;
  /** Keycloak's id of the person, when it is Keycloak that knew the name. */
  readonly realmSubject?: string;
}

/** Where to look. */
export interface Places {
  /** The broker's configuration. */
  readonly config: string;
  readonly environment?: string;
}

/**
 * The person meant by `p-…` or `upstream:ALIAS/USERNAME`. The broker knows the names of those who are signed in; with an
 * environment file Keycloak is asked for the others. Throws a failure for a person whom nobody knows.
 */
export async function personNamed(
  terminal: Terminal,
  people: PeopleTools,
  named: string,
  places: Places,
): Promise<NamedPerson> {
  if (/^p-[0-9a-f]{40}$/.test(named)) return { sub: named };
  const [, alias, name] = /^upstream:([^/]+)\/(.+)$/s.exec(named) ?? [];
  if (alias === undefined || name === undefined) {
    throw new CommandFailure(`"${plain(named)}" is no person`, { fix: "give p-… or upstream:ALIAS/USERNAME" });
  }
  const signedIn = (await people.named(alias, name)).map((sub): NamedPerson => ({ sub }));
  const found = signedIn.length > 0 ? signedIn : await knownToKeycloak(terminal, alias, name, places);
  const [person] = found;
  if (found.length > 1) {
    throw new CommandFailure(`${found.length} people are known under this name`, {
      means: "It was given to somebody else meanwhile, or names differ in case and blanks only. Nothing was done.",
      fix: `name one of: ${found.map(({ sub }) => sub).join(", ")}`,
    });
  }
  if (person !== undefined) return person;
  throw new CommandFailure(`nobody is signed in as ${plain(name)} of ${plain(alias)}`, {
    means: `Names are those of the last sign-in.${places.environment === undefined ? "" : " Keycloak knows none either."} Nothing was done.`,
    fix:
      places.environment === undefined
        ? "give --environment: Keycloak also knows those who are not signed in"
        : "look for the subject (p-…) in the audit",
  });
}

async function knownToKeycloak(
  terminal: Terminal,
  alias: string,
  name: string,
  { config, environment }: Places,
): Promise<readonly NamedPerson[]> {
  if (environment === undefined) return [];
  const { upstream, policies } = readBrokerConfig(config, terminal);
  const realm = realmOf(await openEnvironment(terminal, environment), upstream.issuer);
  const tenants = [...readPolicy(policies).tenants.values()];
  const tenant = tenants.find((t) => t.identityProviders.some((known) => known === alias));
  if (realm === undefined || tenant === undefined) return [];
  const deps = { clock: terminal.clock, random: systemRandom };
  const ids = await peopleNamed(realm.connection, realm.name, { alias, name }, deps);
  return ids.map((id) => ({ sub: subjectId(upstream.issuer, id, tenant.name), realmSubject: id }));
}
