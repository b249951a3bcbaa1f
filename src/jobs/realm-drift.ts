import { type Drift, formatConflicts, formatDifferences } from "../realms/index.ts";
import type { Scheduler } from "./scheduler.ts";
import { type FailedLook, type Watch, type WatchOptions, watchEach } from "./watch.ts";

/** What is worth telling of a realm. Said once, and again only when it has changed. */
export type RealmNews =
  | { readonly kind: "in-step" }
  /** Each object that is not as the files say, in words, with who was last at it; and what stands in the way. */
  | { readonly kind: "drifted"; readonly differences: readonly string[] };

/** How realms are watched. `names` are for `drift`. */
export interface RealmWatchOptions extends Omit<WatchOptions<RealmNews>, "what" | "look" | "due"> {
  readonly drift: (name: string) => Promise<Drift>;
  readonly notify: (name: string, news: RealmNews | FailedLook) => void;
}

/** Looks at realms on a schedule and changes nothing. Drift is objects that are not as their files say. */
export const watchRealms = (scheduler: Pick<Scheduler, "start">, options: RealmWatchOptions): Watch =>
  watchEach<RealmNews>(scheduler, {
    ...options,
    what: "realm",
    look: async (name, { notify }) => {
      const drift = await options.drift(name);
      const differences = [...formatDifferences(drift), ...formatConflicts(drift)];
      if (differences.length === 0) notify({ kind: "in-step" }, "in-step");
      else notify({ kind: "drifted", differences }, JSON.stringify(differences));
      return differences.length;
    },
  });
