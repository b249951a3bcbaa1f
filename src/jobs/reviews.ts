import type { Job } from "./job.ts";

/** Begins reviews that are due, reminds their managers, and closes what nobody did, as one instance. */
export const reviews = (keepMoving: (stopping: AbortSignal) => Promise<void>): Job => ({
  name: "reviews",
  every: 60_000,
  leased: "job:reviews",
  first: "after a pause",
  run: ({ stopping }) => keepMoving(stopping),
});
