export {
  grantsBeyondManagers,
  isGroupBeyondManagers,
  mayManagersGive,
  rolesManagersGive,
  setsBeyondManagers,
} from "./analyse/beyond-managers.ts";
export {
  type Asked,
  differences,
  factsAt,
  holdersOf,
  type KnownPerson,
  type RightChange,
  whoHolds,
  wrongCounts,
} from "./analyse/known.ts";
export { cloudMemory } from "./cloud-memory.ts";
export { applyChanges } from "./edit/apply.ts";
export type { Change } from "./edit/change.ts";
export { type Collisions, type Conflict, conflictsOf, type Reversal, reverse } from "./edit/conflicts.ts";
export { type Entry, readEntries } from "./edit/entry.ts";
export { type FieldChange, fieldChanges, formatChange } from "./edit/fields.ts";
export type { EditRefusal } from "./edit/files.ts";
export { groupsFor } from "./evaluate/decide.ts";
export { type Explanation, explain, formatExplanation } from "./evaluate/explain.ts";
export { claimsThatCount } from "./evaluate/kept-claims.ts";
export { formatPeople, isOneOf } from "./evaluate/match.ts";
export { type OwnGrant, ownGrants } from "./evaluate/own-grants.ts";
export { policyJsonSchema } from "./format/json-schema.ts";
export { policyFilesReference } from "./format/reference.ts";
export { isEndpoint } from "./format/schema-targets.ts";
export { isOpenStackThing } from "./format/schema-words.ts";
export { type PolicyInUse, policyInUse } from "./in-use.ts";
export { mintedPrefix, mintName } from "./link/mint.ts";
export { isReservedNamespace } from "./link/namespaces.ts";
export { scopesOf } from "./link/place.ts";
export { loadPolicy } from "./load.ts";
export type {
  Atom,
  CloudTarget,
  ClusterTarget,
  Decision,
  Grant,
  GrantTrace,
  LoginFacts,
  LoginMethod,
  People,
  PermissionSet,
  Policy,
  RemoteTarget,
  Tenant,
  TenantRules,
} from "./model.ts";
