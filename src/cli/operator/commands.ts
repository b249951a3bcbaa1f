export { addConfig } from "./config.ts";
export { addPolicies } from "./policies.ts";
export { addRealms } from "./realms.ts";
export { addTargets } from "./targets.ts";
