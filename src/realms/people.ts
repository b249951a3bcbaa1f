import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";

const pageSize = 500;

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
  const keycloak = connectKeycloak(connection, deps);
  for (let first = 0; ; first += pageSize) {
    const query = { realm, idpAlias: alias, first, max: pageSize, briefRepresentation: true };
    const found = await keycloak.call(`count people of ${alias}`, "read", (client) => client.users.find(query));
    const length = found?.length ?? 0;
    if (length < pageSize) return first + length;
  }
}
