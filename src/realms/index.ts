import type { applyRealm as ApplyRealm, planRealm as PlanRealm } from "./realm.ts";

export {
  type Applied,
  type Plan,
  readPlan,
  type Step,
  savePlan,
  sayApplied,
  sayPlan,
  sayStep,
} from "../reconcile/index.ts";
export type { KeycloakConnection } from "./connection.ts";
export { type Discover, discover, type ProviderEndpoints } from "./discovery.ts";
export { loadRealms } from "./load.ts";
export type { BrokerSpec, Lookup, OrganizationSpec, RealmSettings, RealmSpec, Recheck, UpstreamSpec } from "./model.ts";
export type { PlannedRealm, RealmDeps } from "./realm.ts";
export { type RecheckEntry, readRechecks, recheckTable } from "./recheck.ts";
export { realmSchema } from "./schema.ts";

// The admin client takes 20 MB, and time at each start of the command, that only planning needs: it is loaded then.

/** Reads Keycloak and makes a plan; see `realm.ts`. Throws `Fault` naming which server could not be reached. */
export const planRealm: typeof PlanRealm = async (...args) => (await import("./realm.ts")).planRealm(...args);
/** Applies a realm's plan; see `realm.ts`. Applying twice writes nothing the second time. */
export const applyRealm: typeof ApplyRealm = async (...args) => (await import("./realm.ts")).applyRealm(...args);
