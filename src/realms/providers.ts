import { mapOf } from "./access.ts";
import type { Keycloak } from "./connection.ts";

/** Ids of all providers that a Keycloak has, its own and those of jars; `undefined` where the account may not see them. */
export type Providers = ReadonlySet<string> | undefined;

const taken = new WeakMap<Keycloak, Promise<Providers>>();

/** Asks a Keycloak, once per connection, what it can do. Throws `Fault`. */
export function providersOf(keycloak: Keycloak): Promise<Providers> {
  const known = taken.get(keycloak) ?? ask(keycloak);
  taken.set(keycloak, known);
  return known;
}

async function ask(keycloak: Keycloak): Promise<Providers> {
  const info = await keycloak.call("read what this Keycloak can do", "read", ({ serverInfo }) => serverInfo.find());
  const ids = Object.values(mapOf(info?.providers) ?? {}).flatMap((spi) =>
    Object.keys(mapOf(mapOf(spi)?.["providers"]) ?? {}),
  );
  // Who administers one realm alone is told nothing of it.
  return ids.length === 0 ? undefined : new Set(ids);
}
