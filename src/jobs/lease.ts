import { Fault, type Seconds, seconds } from "../core/index.ts";
import type { Lease, LeaseStore } from "../reconcile/index.ts";
import { defineKind, type Store } from "../store/index.ts";

/** `state` is the run that holds it, so that only who holds it can extend it. */
interface JobLease {
  readonly state: string;
  readonly holder: string;
  readonly since: number;
  readonly until: number;
}

/** The name is that of release 0.1.0, whose instances may run beside ours during an upgrade. */
const leaseKind = defineKind<JobLease>()("watch-lease", ["state", "holder", "since", "until"]);
const free = "free";

/** The lease on one job, for all instances that share the store. */
export function leaseInStore(store: Store, name: string): LeaseStore {
  const take = async (note: Lease, ttl: Seconds): Promise<Lease | undefined> => {
    const { run, ...rest } = note;
    if ((await store.put(leaseKind, name, { state: run, ...rest }, { ttl })) === "created") return note;
    const became = await store.advance(leaseKind, name, [run, free], { state: run, ...rest }, { ttl });
    if (became.outcome === "won") return note;
    if (became.outcome === "absent") return undefined;
    const { state, ...others } = became.current;
    return { run: state, ...others } as Lease;
  };
  return {
    hold: async (note, now) => {
      const ttl = seconds(note.until - now);
      // It may run out between the two looks.
      const held = (await take(note, ttl)) ?? (await take(note, ttl));
      if (held === undefined) throw new Fault("store", "take the lease on a job", { retryable: true });
      return held;
    },
    release: async (run) => {
      await store.advance(leaseKind, name, [run], { state: free });
    },
  };
}
