import type { Effort } from "../analyse/example-login.ts";
import type { CountRule, Grant, People, PermissionSet, Requestable, Tenant } from "../model.ts";
import type { ReviewSchedule } from "../review-schedule.ts";

/** The rules of a tenant while its documents are linked, one after the other. */
export interface Draft {
  readonly tenant: Tenant;
  /** By rule: an address counts only when verified, whatever its claim is called. */
  readonly verifiedAddresses: boolean;
  readonly sets: Map<string, PermissionSet>;
  readonly people: Map<string, People>;
  readonly grants: Grant[];
  readonly counts: CountRule[];
  requestable?: Requestable;
  review?: ReviewSchedule;
  /** How many conditions in cel there are, and the steps of their patterns together. */
  readonly cel: { count: number; steps: number };
  /** What is left of the searches of this load. */
  readonly effort: Effort;
}
