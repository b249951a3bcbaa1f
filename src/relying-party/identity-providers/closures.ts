import { type Clock, type Instant, instant, type Seconds } from "../../core/index.ts";
import { defineKind, type Store } from "../../store/index.ts";

/** What the memory of closures is made of. */
export interface ClosureDeps {
  readonly store: Store;
  readonly clock: Clock;
  /** The longest that anything lives that hangs on a person. */
  readonly longest: Seconds;
  readonly notice: (message: string, problem?: unknown) => void;
}

/** When each identity provider was last seen closed. */
interface ClosureRecord {
  readonly state: "kept";
  readonly at: Readonly<Record<string, Instant>>;
}

const closureKind = defineKind<ClosureRecord>()("upstream-closures", ["state", "at"]);
const id = "all";

/** A closed provider is noted again after this many seconds. */
const again = 60;

/**
 * What began before a closure is over for good. Else a session that an attacker took would be back as soon as the
 * provider is opened again. Kept in the store, so that a restart and other instances know it too.
 */
interface Closures {
  /** The last moment at which the provider was seen closed; the beginning of time if never. */
  of(alias: string): Instant;
  /** It is closed now. */
  note(alias: string): void;
  /** Tells the store, and learns from it. A failure is told to `notice` and tried again the next time. */
  share(): Promise<void>;
}

/** Makes the memory of closures. */
export function keepClosures({ store, clock, longest, notice }: ClosureDeps): Closures {
  const at = new Map<string, Instant>();
  let untold = false;
  const learn = (record: ClosureRecord | undefined): void => {
    for (const [alias, moment] of Object.entries(record?.at ?? {})) {
      if (moment > (at.get(alias) ?? 0)) at.set(alias, moment);
    }
  };
  const notify = async (there: boolean): Promise<void> => {
    const value: ClosureRecord = { state: "kept", at: Object.fromEntries(at) };
    if (there) await store.advance(closureKind, id, ["kept"], { at: value.at }, { ttl: longest });
    else await store.put(closureKind, id, value, { ttl: longest });
    untold = false;
  };
  return {
    of: (alias) => at.get(alias) ?? instant(0),
    note: (alias) => {
      const now = clock.now();
      if (now - (at.get(alias) ?? 0) < again) return;
      at.set(alias, now);
      untold = true;
    },
    share: async () => {
      try {
        const record = await store.get(closureKind, id);
        learn(record);
        if (untold) await notify(record !== undefined);
      } catch (problem) {
        notice("closed identity providers could not be told to the store", problem);
      }
    },
  };
}
