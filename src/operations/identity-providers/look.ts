import type { Clock, Random } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import { countLinked, organizationsWith, type RealmFile, type WrittenIdentityProvider } from "../../realms/index.ts";
import { keycloakOf, type NamedEnvironment } from "../environment.ts";

/** What hangs on an identity provider. */
export interface IdentityProviderReach {
  /** How many people in Keycloak are linked to it. */
  readonly people: number;
  readonly organizations: readonly string[];
  /** Tenants of the policy that name it. */
  readonly tenants: readonly string[];
}

/** Looks what hangs on an identity provider. Throws `Fault` when Keycloak does not answer. Writes nothing. */
export async function lookAtIdentityProvider(
  {
    written: { entry, realm, keycloak },
    files,
    environment,
    policy,
  }: {
    readonly written: WrittenIdentityProvider;
    readonly files: readonly RealmFile[];
    readonly environment: NamedEnvironment;
    readonly policy: () => Policy;
  },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<IdentityProviderReach> {
  const id = String(entry["id"]);
  const people = await countLinked(keycloakOf(environment, keycloak), realm, id, { clock, random });
  const tenants = [...policy().tenants.values()]
    .filter(({ identityProviders }) => identityProviders.some((alias) => alias === id))
    .map(({ name }) => name);
  return { people, organizations: organizationsWith(files, id), tenants };
}
