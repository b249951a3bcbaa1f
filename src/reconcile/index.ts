export { type Applied, type ApplyOptions, deletesOf } from "./applied.ts";
export { applyPlan } from "./apply.ts";
export { diff } from "./diff.ts";
export type { Driver } from "./driver.ts";
export { formatApplied, formatDeletes, formatPlan, formatPlansShortly, formatStep, safeText } from "./format.ts";
export { endHoldings, type Holding, type Proof } from "./holding.ts";
export {
  formatKey,
  formatKeyOf010,
  type Key,
  type KeyPart,
  type KeyShape,
  namesIn,
  ownedBy,
  type Path,
  parseKey,
  type Quoted,
} from "./key.ts";
export { type Lease, type LeaseOptions, type LeaseStore, memoryLease, takeLease } from "./lease.ts";
export type { Ignore, Manage, Mode, PlanOptions } from "./ownership.ts";
export {
  memoryOwnership,
  type OwnershipState,
  type OwnershipStore,
  ownershipOf,
  withOwnershipChange,
} from "./ownership-records.ts";
export { isList, isMap } from "./plain.ts";
export { makePlan, planFrom, readWorld } from "./plan.ts";
export {
  type Around,
  type Change,
  type Identity,
  identityOf,
  type KindRule,
  type Named,
  type Observed,
  type Plain,
  type PlainMap,
  type Resource,
  type SecretField,
} from "./resource.ts";
export { planFileSchema, readPlans, savePlans } from "./saved.ts";
export type { Conflict, Plan, Step } from "./steps.ts";
