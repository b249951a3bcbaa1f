export { addAudit } from "./audit.ts";
export { addConfig } from "./config.ts";
export { addKeys } from "./keys.ts";
export { addPeople } from "./people.ts";
export { addPolicies } from "./policies.ts";
export { addRealms } from "./realms.ts";
export { addTargets } from "./targets.ts";
