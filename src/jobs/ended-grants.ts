import type { Job } from "./job.ts";

/** Takes grants of access requests out of the files a month after their end; as one instance. */
export const endedGrants = (clear: (stopping: AbortSignal) => Promise<void>): Job => ({
  name: "ended-grants",
  every: 6 * 3_600_000,
  leased: "job:ended-grants",
  first: "after a pause",
  run: ({ stopping }) => clear(stopping),
});
