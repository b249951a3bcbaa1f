import type UserRepresentation from "@keycloak/keycloak-admin-client/lib/defs/userRepresentation.js";
import { composed, loosely } from "../core/index.ts";
import { realmAccess } from "./access.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { peopleOf } from "./lists.ts";
import { usernameAttribute } from "./markers.ts";

/**
 * How many people of a realm came through an identity provider at least once: removing it cuts their link to it, and they
 * come back as new people if it is ever added again. Throws `Fault` when Keycloak does not answer.
 */
export async function countLinked(
  connection: KeycloakConnection,
  realm: string,
  alias: string,
  deps: ConnectionDeps,
): Promise<number> {
  return (await peopleOf(realmAccess(connectKeycloak(connection, deps), realm), alias)).length;
}

/**
 * Ids of the people who came through an identity provider under a name of its own, as of their last sign-in there: to the
 * letter, or else loosely; more than one if the name was given anew. Throws `Fault` when Keycloak does not answer.
 */
export async function peopleNamed(
  connection: KeycloakConnection,
  realm: string,
  { alias, name }: { readonly alias: string; readonly name: string },
  deps: ConnectionDeps,
): Promise<readonly string[]> {
  const people = await peopleOf(realmAccess(connectKeycloak(connection, deps), realm), alias, { attributes: true });
  for (const like of [composed, loosely]) {
    const found = people.filter((person) => namesOf(person, alias).some((one) => like(one) === like(name)));
    if (found.length > 0) return found.flatMap(({ id }) => id ?? []);
  }
  return [];
}

/** The names that the identity provider gave; where it gave none, what Keycloak made the account's name of. */
function namesOf({ username = "", attributes }: UserRepresentation, alias: string): readonly string[] {
  const given: unknown = attributes?.[usernameAttribute];
  if (Array.isArray(given) && given.length > 0) return given.map(String);
  return username.startsWith(`${alias}.`) ? [username, username.slice(alias.length + 1)] : [username];
}
