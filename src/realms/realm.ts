import {
  type Applied,
  type ApplyOptions,
  applyPlan,
  type Driver,
  makePlan,
  type Plan,
  type Resource,
} from "../reconcile/index.ts";
import { type ConnectionDeps, connectKeycloak, type KeycloakConnection } from "./connection.ts";
import { desiredRealm } from "./desired.ts";
import { type Discover, discover } from "./discovery.ts";
import { realmDriver } from "./driver.ts";
import type { RealmSpec } from "./model.ts";

/** What planning and applying need from outside. */
export interface RealmDeps extends ConnectionDeps {
  /** Finds the endpoints of `oidc` upstreams; default: asks the issuer. */
  readonly discover?: Discover;
}

/** A realm's plan with all that is needed to apply it. Only `plan` may be shown or stored. */
export interface PlannedRealm {
  readonly plan: Plan;
  readonly desired: readonly Resource[];
  readonly driver: Driver;
}

/** Reads Keycloak (and the issuers of `oidc` upstreams) and makes a plan. Throws `Fault` naming which could not be reached. */
export async function planRealm(
  spec: RealmSpec,
  connection: KeycloakConnection,
  deps: RealmDeps,
): Promise<PlannedRealm> {
  const desired = await desiredRealm(spec, deps.discover ?? discover);
  const driver = realmDriver(connectKeycloak(connection, deps), spec.realm) as Driver;
  return { plan: await makePlan(driver, desired), desired, driver };
}

/** Applies a realm's plan; or `saved`, one that was shown and stored earlier, if it is still true. Applying twice writes nothing the second time. */
export const applyRealm = (
  planned: PlannedRealm,
  options: ApplyOptions & { readonly saved?: Plan } = {},
): Promise<Applied> => applyPlan(planned.driver, planned.desired, options.saved ?? planned.plan, options);
