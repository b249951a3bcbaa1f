import type { Job } from "./job.ts";

/** Tells what waits to be told, as one instance, so that nobody is told twice. */
export const notices = (deliver: (stopping: AbortSignal) => Promise<void>): Job => ({
  name: "notices",
  every: 5_000,
  leased: "job:notices",
  first: "after a pause",
  run: ({ stopping }) => deliver(stopping),
});
