import type { Environment } from "../config/index.ts";
import type { KeycloakConnection } from "../realms/index.ts";
import { suggest } from "../yaml/index.ts";
import { OperationRefused } from "./refused.ts";

/** Where the servers are and with which account, and how whoever must mend it calls its file. */
export interface NamedEnvironment extends Environment {
  readonly file: string;
}

/** A Keycloak of the environment, by its name there. `at` begins the refusal: who asked for it. */
export function keycloakOf(environment: NamedEnvironment, name: string, at = ""): KeycloakConnection {
  const connection = environment.keycloaks[name];
  if (connection !== undefined) return connection;
  throw new OperationRefused(`${at}the environment file has no Keycloak "${name}"`, {
    meaning: suggest(name, Object.keys(environment.keycloaks)),
    remedy: `add it under "keycloaks" in ${environment.file}`,
  });
}
