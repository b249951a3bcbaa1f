import type { Discover } from "../discovery.ts";
import type { RealmSpec } from "../format/model.ts";
import type { RealmResource } from "../identity.ts";
import { meanings } from "../sections.ts";
import { endpointsOf } from "./endpoints.ts";
import { hideReferences } from "./hide-references.ts";

/** Everything a realm shall hold, its secrets without fingerprints. Asks the issuers of `oidc` and `adfs` identity providers for their endpoints; throws `Fault` when one cannot be asked. */
export async function desiredRealm(spec: RealmSpec, discover: Discover): Promise<RealmResource[]> {
  const endpoints = await Promise.all(spec.upstreams.map((u) => endpointsOf(u, discover)));
  const wanted = Object.values(meanings).flatMap(({ desired }) => desired(spec, endpoints));
  return wanted.map((resource) => hideReferences(spec.realm, spec.secrets, resource));
}
