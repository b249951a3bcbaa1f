import type { Grant, GrantTrace } from "../model.ts";

/** What came of a grant: given, or not and why. */
export const traceOf = (grant: Grant, because?: string): GrantTrace => ({
  grant: grant.id,
  set: grant.set.name,
  source: grant.source,
  matched: because === undefined,
  ...(because !== undefined && { because }),
  ...(grant.until !== undefined && { until: grant.until }),
});
