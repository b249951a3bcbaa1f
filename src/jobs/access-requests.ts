import type { Job } from "./job.ts";

/** Writes down what became of access requests by themselves, and has those told whom it concerns; as one instance. */
export const accessRequests = (notify: (stopping: AbortSignal) => Promise<void>): Job => ({
  name: "access-requests",
  every: 30_000,
  leased: "job:access-requests",
  first: "after a pause",
  run: ({ stopping }) => notify(stopping),
});
