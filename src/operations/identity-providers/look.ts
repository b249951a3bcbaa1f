import type { Clock, Random } from "../../core/index.ts";
import type { Policy } from "../../policy/index.ts";
import { countLinked, organizationsWith } from "../../realms/index.ts";
import { keycloakOf, type NamedEnvironment } from "../environment.ts";
import { findRemovable, type IdentityProviderMeant } from "./change.ts";

/** What hangs on an identity provider. */
export interface IdentityProviderReach {
  /** How many people in Keycloak are linked to it. */
  readonly people: number;
  readonly organizations: readonly string[];
  /** Tenants of the policy that name it. */
  readonly tenants: readonly string[];
}

/** Looks what hangs on one that may be removed. Throws `Fault` when Keycloak does not answer. Writes nothing. */
export async function lookAtIdentityProvider(
  {
    environment,
    policy,
    ...meant
  }: IdentityProviderMeant & {
    /** Both are asked for when they are needed. */
    readonly environment: () => Promise<NamedEnvironment>;
    readonly policy: () => Promise<Policy>;
  },
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): Promise<IdentityProviderReach> {
  const { realm, keycloak } = findRemovable(meant);
  const { id, files } = meant;
  const people = await countLinked(keycloakOf(await environment(), keycloak), realm, id, { clock, random });
  const tenants = [...(await policy()).tenants.values()]
    .filter(({ identityProviders }) => identityProviders.some((alias) => alias === id))
    .map(({ name }) => name);
  return { people, organizations: organizationsWith(files, id), tenants };
}
