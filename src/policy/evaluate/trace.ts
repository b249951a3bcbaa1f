import type { Grant, GrantTrace } from "../model.ts";

/** What came of a grant: given, or not and why. */
export const traceOf = (grant: Grant, reason?: string): GrantTrace => ({
  grant: grant.id,
  set: grant.set.name,
  source: grant.source,
  matched: reason === undefined,
  ...(reason !== undefined && { because: reason }),
  ...(grant.until !== undefined && { until: grant.until }),
});
