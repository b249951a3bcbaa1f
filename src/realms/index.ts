import type { checkDrift as CheckDrift } from "./drift.ts";
import type {
  realmHoldingsOfPerson as HoldingsOfPerson,
  realmHoldingsOfTenant as HoldingsOfTenant,
} from "./holdings.ts";
import type { importRealm as ImportRealm, realmImporter as RealmImporter } from "./import.ts";
import type { applyRealm as ApplyRealm, planRealm as PlanRealm, planRemoval as PlanRemoval } from "./realm.ts";
import type { contentsOfRealm as ContentsOfRealm, removeRealm as RemoveRealm } from "./whole-realm.ts";

export { type Applied, formatApplied, formatPlan, type Plan, planFileSchema, type Step } from "../reconcile/index.ts";
export type { KeycloakConnection } from "./connection.ts";
export type { AskedLogin } from "./desired/asked-login.ts";
export { type Discover, discover, makeDiscover, remembering } from "./discovery.ts";
export { loadRealms, loadRealmsToCompare, type RealmFile, readRealms } from "./format/load.ts";
export type { ClaimSpec, IdentityProviderSpec, RealmSpec, Recheck, Stage } from "./format/model.ts";
export { realmFilesReference, realmJsonSchema } from "./format/reference.ts";
export { type Difference, type Drift, formatConflicts, formatDifferences, formatDrift } from "./format-drift.ts";
export type { ImportedRealm } from "./import.ts";
export { type ListedIdentityProvider, listIdentityProviders } from "./listed.ts";
export type { Member, Members, NewMember } from "./members.ts";
export { realmMembers } from "./members.ts";
export {
  addIdentityProvider,
  checkChange,
  type NewCustomer,
  nextStages,
  organizationsWith,
  removable,
  type WrittenIdentityProvider,
  withoutIdentityProvider,
  withSecret,
  withStage,
  writtenIdentityProviders,
} from "./onboarding.ts";
export { countLinked, peopleNamed } from "./people.ts";
export type { PlannedRealm } from "./realm.ts";
export { type RealmTables, rereadRealmTables } from "./realm-tables.ts";
export { recheckTable } from "./recheck.ts";
export type { RealmContents, RealmRemoved } from "./whole-realm.ts";

// The broker reads realm files and never plans: what only planning needs is loaded by those who plan.

/** Reads Keycloak and makes a plan; see `realm.ts`. Throws `Fault` naming which server could not be reached. */
export const planRealm: typeof PlanRealm = async (...args) => (await import("./realm.ts")).planRealm(...args);
/** Applies a realm's plan; see `realm.ts`. Applying twice writes nothing the second time. */
export const applyRealm: typeof ApplyRealm = async (...args) => (await import("./realm.ts")).applyRealm(...args);
/** A plan that removes what is ours and nothing else; see `realm.ts`. */
export const planRemoval: typeof PlanRemoval = async (...args) => (await import("./realm.ts")).planRemoval(...args);
/** What is not as the file says, and who changed it; see `drift.ts`. Writes nothing. */
export const checkDrift: typeof CheckDrift = async (...args) => (await import("./drift.ts")).checkDrift(...args);
/** The file of a realm that is there; see `import.ts`. Writes nothing. */
export const importRealm: typeof ImportRealm = async (...args) => (await import("./import.ts")).importRealm(...args);
/** The same for several realms of one Keycloak; see `import.ts`. Writes nothing. */
export const realmImporter = async (
  ...args: Parameters<typeof RealmImporter>
): Promise<ReturnType<typeof RealmImporter>> => (await import("./import.ts")).realmImporter(...args);
/** What a person holds in a realm; see `holdings.ts`. Writes nothing. */
export const realmHoldingsOfPerson: typeof HoldingsOfPerson = async (...args) =>
  (await import("./holdings.ts")).realmHoldingsOfPerson(...args);
/** What a tenant holds in a realm; see `holdings.ts`. Writes nothing. */
export const realmHoldingsOfTenant: typeof HoldingsOfTenant = async (...args) =>
  (await import("./holdings.ts")).realmHoldingsOfTenant(...args);
/** What is in a whole realm besides what is ours; see `whole-realm.ts`. */
export const contentsOfRealm: typeof ContentsOfRealm = async (...args) =>
  (await import("./whole-realm.ts")).contentsOfRealm(...args);
/** Deletes a realm with everything in it; see `whole-realm.ts`. Nothing brings it back. */
export const removeRealm: typeof RemoveRealm = async (...args) =>
  (await import("./whole-realm.ts")).removeRealm(...args);
