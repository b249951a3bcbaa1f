import type { Log } from "../http/index.ts";
import type { Store } from "../store/index.ts";
import type { Job } from "./job.ts";

/** Tells the operator why everybody has to log in again (S-65). */
export function storeLosses(store: Pick<Store, "epoch">, log: Log): Job {
  let known: string | undefined;
  return {
    name: "store losses",
    every: 60_000,
    leased: false,
    first: "at once",
    run: async () => {
      const epoch = await store.epoch().catch(() => known); // away: readiness says so
      if (known !== undefined && epoch !== known)
        log.warn("the store may have lost writes: logins from before are over");
      known = epoch;
    },
  };
}
