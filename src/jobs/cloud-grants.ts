import type { Seconds } from "../core/index.ts";
import type { Job } from "./job.ts";

/** Asks about everybody who may still use a cloud, so that a cloud is told when somebody may have less. */
export const cloudGrants = (every: Seconds, revocation: { round(): Promise<void> }): Job => ({
  name: "cloud grants",
  every: every * 1000,
  leased: "job:cloud-grants",
  first: "after a pause",
  run: () => revocation.round(),
});
