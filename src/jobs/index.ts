export { auditHeads } from "./audit-heads.ts";
export { cloudGrants } from "./cloud-grants.ts";
export { follow, holder } from "./follow.ts";
export { identityProviderFiles } from "./identity-providers.ts";
export { keyRotation } from "./key-rotation.ts";
export { leaseInStore } from "./lease.ts";
export { createScheduler, type Scheduler } from "./scheduler.ts";
export { storeLosses } from "./store-losses.ts";
export { cloudNotifier } from "./target-connections.ts";
