import type { Resource } from "../../reconcile/index.ts";
import type { Discover } from "../discovery.ts";
import type { RealmSpec } from "../format/model.ts";
import { desiredBroker } from "./broker.ts";
import { desiredClient } from "./client.ts";
import { desiredComponents } from "./components.ts";
import { endpointsOf } from "./endpoints.ts";
import { desiredActions, desiredFlows } from "./flows.ts";
import { hideReferences } from "./hide-references.ts";
import { desiredIdentityProvider } from "./identity-provider.ts";
import { desiredOrganization } from "./organization.ts";
import { desiredProfile } from "./profile.ts";
import { desiredGroups, desiredRoles } from "./rights.ts";
import { desiredScopes } from "./scope.ts";
import { desiredBindings, desiredSettings, desiredTexts } from "./settings.ts";

/** Everything a realm shall hold, its secrets without fingerprints. Asks the issuers of `oidc` and `adfs` identity providers for their endpoints; throws `Fault` when one cannot be asked. */
export async function desiredRealm(spec: RealmSpec, discover: Discover): Promise<Resource[]> {
  const endpoints = await Promise.all(spec.upstreams.map((u) => endpointsOf(u, discover)));
  const wanted = [
    desiredSettings(spec),
    ...desiredTexts(spec),
    ...desiredProfile(spec),
    ...desiredFlows(spec),
    ...desiredBindings(spec),
    ...desiredActions(spec),
    ...desiredComponents(spec),
    ...spec.upstreams.flatMap((u, i) => desiredIdentityProvider(spec, u, endpoints[i])),
    ...spec.organizations.flatMap(desiredOrganization),
    ...desiredScopes(spec),
    ...desiredBroker(spec),
    ...Object.entries(spec.clients).flatMap(([clientId, client]) => desiredClient(spec, clientId, client)),
    ...desiredRoles(spec),
    ...desiredGroups(spec),
  ];
  return wanted.map((resource) => hideReferences(spec.realm, spec.secrets, resource));
}
