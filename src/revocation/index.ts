export { loseCloudGrants } from "./cloud-grant.ts";
export type { NotifyCloud } from "./notify-cloud.ts";
export { createRevocation, openRevocation, type PushParts, type Revocation } from "./revocation.ts";
