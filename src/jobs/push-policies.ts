import type { Log } from "../http/index.ts";
import type { PolicyFiles } from "../operations/index.ts";
import type { Job } from "./job.ts";

/** The remote of the tenants' repository. */
type Remote = NonNullable<NonNullable<PolicyFiles["repository"]>["remote"]>;

/**
 * Brings the tenants' repository and its remote to the same commit. What is saved here while the remote is away is pushed when it
 * is back; what the remote has and does not hold stays out. Why it is not pushed is told to the log when it changes, and not every five seconds.
 */
export function pushPolicies(remote: Pick<Remote, "push">, files: Pick<PolicyFiles, "vet">, log: Log): Job {
  let told: string | undefined;
  return {
    name: "push policies",
    every: 5_000,
    leased: false,
    first: "at once",
    run: async () => {
      const pushed = await remote.push(files.vet);
      const now = pushed.ok ? undefined : JSON.stringify(pushed.refusal);
      if (now !== told && !pushed.ok)
        log.error({ ...pushed.refusal }, "the policies saved here are not pushed; it is tried again");
      if (now !== told && pushed.ok) log.info({ commit: pushed.value }, "the policies saved here are pushed");
      told = now;
    },
  };
}
