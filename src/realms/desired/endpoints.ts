import { type Discover, keycloakEndpoints, type ProviderEndpoints } from "../discovery.ts";
import type { UpstreamSpec } from "../format/model.ts";
import { entraEndpoints } from "./provider-config.ts";

/** Where an upstream is asked; asks the issuer where nothing else says it. Throws the `Fault` of `discover`. */
export async function endpointsOf(u: UpstreamSpec, discover: Discover): Promise<ProviderEndpoints | undefined> {
  if (u.template === "keycloak") return keycloakEndpoints(u.issuer);
  if (u.template === "oidc" || u.template === "adfs") return await discover(u.issuer);
  return u.template === "entra" ? entraEndpoints(u.tenant) : undefined;
}
