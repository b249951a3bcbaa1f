import { realmAccess } from "./access.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { peopleOf } from "./lists.ts";
import { usernameAttribute } from "./marks.ts";

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
 * Ids of the people who came through an identity provider under a name of its own, as of their last sign-in there; more
 * than one if the name was given anew. Throws `Fault` when Keycloak does not answer.
 */
export async function peopleNamed(
  connection: KeycloakConnection,
  realm: string,
  { alias, name }: { readonly alias: string; readonly name: string },
  deps: ConnectionDeps,
): Promise<readonly string[]> {
  const people = await peopleOf(realmAccess(connectKeycloak(connection, deps), realm), alias, { attributes: true });
  return people.flatMap(({ id, attributes }) => (attributes?.[usernameAttribute]?.includes(name) ? (id ?? []) : []));
}
