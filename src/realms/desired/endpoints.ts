import { type Discover, type IdentityProviderEndpoints, keycloakEndpoints } from "../discovery.ts";
import type { IdentityProviderSpec } from "../format/model.ts";
import { entraEndpoints } from "./identity-provider-config.ts";

/** Where an identity provider is asked; asks the issuer where nothing else says it. Throws the `Fault` of `discover`. */
export async function endpointsOf(
  u: IdentityProviderSpec,
  discover: Discover,
): Promise<IdentityProviderEndpoints | undefined> {
  if (u.template === "keycloak") return keycloakEndpoints(u.issuer);
  if (u.template === "oidc" || u.template === "adfs") return await discover(u.issuer);
  return u.template === "entra" ? entraEndpoints(u.tenant) : undefined;
}
