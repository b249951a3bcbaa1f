export { type Applied, type ApplyOptions, applyPlan } from "./apply.ts";
export { type Conflict, makePlan, type Phase, type Plan, planFrom, type Step } from "./plan.ts";
export {
  type Change,
  type Driver,
  type Identity,
  identityOf,
  type KindRule,
  type ListRule,
  type Observed,
  type Plain,
  type PlainMap,
  type Resource,
  type SecretField,
} from "./resource.ts";
export { readPlan, savePlan } from "./saved.ts";
export { sayApplied, sayPlan, sayStep } from "./say.ts";
