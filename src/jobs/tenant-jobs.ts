import { clearEndedGrants, keepReviewsMoving, notifyOfRequests } from "../operations/index.ts";
import { accessRequests } from "./access-requests.ts";
import { endedGrants } from "./ended-grants.ts";
import type { Job } from "./job.ts";
import { reviews } from "./reviews.ts";

type Deps = Parameters<typeof notifyOfRequests>[0] & Parameters<typeof keepReviewsMoving>[0];

/** What runs by itself for tenants whose policies are changed in the console. */
export const tenantJobs = (deps: Deps): readonly Job[] => [
  accessRequests((stopping) => notifyOfRequests(deps, stopping)),
  endedGrants((stopping) => clearEndedGrants(deps, stopping)),
  reviews((stopping) => keepReviewsMoving(deps, stopping)),
];
