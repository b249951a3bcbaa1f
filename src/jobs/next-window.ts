import type { Instant } from "../core/index.ts";
import type { Policy } from "../policy/index.ts";

/** The next moment at which a grant's window opens or closes; infinity when there is none. */
export function nextWindow(policy: Policy, now: Instant): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { grants } of policy.rules.values())
    for (const { from, until } of grants)
      for (const moment of [from, until]) if (moment !== undefined && moment > now && moment < next) next = moment;
  return next;
}
