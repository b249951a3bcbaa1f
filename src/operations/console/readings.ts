import { type ApiProblem, type Clock, Fault, type Instant, type Result } from "../../core/index.ts";

/** What is known of a place on a target. */
export interface Known<T> {
  readonly reading?: T & { readonly at: Instant };
  /** Why there is nothing newer. */
  readonly trouble?: "no answer" | "refused";
  /** Somebody is being waited for. */
  readonly beingRead: boolean;
}

type Read<T> = () => Promise<Result<T, ApiProblem>>;

/** What was read of targets: shown to whoever may see the tenant, with its age. */
export interface Readings<T> {
  /**
   * What is known; `read` is used when that is nothing, or old. Nobody waits longer than a moment, and nobody at all for
   * something that is only old. `anew`: what is known is not enough.
   */
  look(key: string, read: Read<T> | undefined, anew?: boolean): Promise<Known<T>>;
  /** Something was changed there. */
  forget(key: string): void;
}

/** After so many seconds it is read again beside whoever looks; after trouble not before so many. */
const renewedAfter = 30;
const triedAgainAfter = 10;
const longestWaitMillis = 1_500;

interface Entry<T> {
  reading?: T & { readonly at: Instant };
  trouble?: { readonly kind: NonNullable<Known<T>["trouble"]>; readonly at: Instant };
  reader?: Promise<void>;
}

/** Makes the readings, with nothing read yet. */
export function createReadings<T extends object>({ clock }: { readonly clock: Clock }): Readings<T> {
  const entries = new Map<string, Entry<T>>();
  const renew = async (entry: Entry<T>, read: Read<T>): Promise<void> => {
    const at = clock.now();
    try {
      const found = await read();
      if (found.ok) {
        entry.reading = { ...found.value, at };
        delete entry.trouble;
      } else entry.trouble = { kind: "refused", at };
    } catch (problem) {
      if (!(problem instanceof Fault)) throw problem;
      entry.trouble = { kind: "no answer", at };
    }
  };
  return {
    forget: (key) => void entries.delete(key),
    look: async (key, read, anew = false) => {
      const entry: Entry<T> = entries.get(key) ?? {};
      entries.set(key, entry);
      if (read !== undefined && (anew || isDue(entry, clock.now()))) {
        entry.reader ??= renew(entry, read).finally(() => delete entry.reader);
        const wait = anew || entry.reading === undefined;
        // Who waits is told of a bug; beside a reader there is nobody to tell.
        if (wait) await orEnough(clock, entry.reader);
        else entry.reader.catch(() => undefined);
      }
      const { reading, trouble, reader } = entry;
      return {
        ...(reading && { reading }),
        ...(trouble && { trouble: trouble.kind }),
        beingRead: reading === undefined && reader !== undefined,
      };
    },
  };
}

const isDue = ({ reading, trouble }: Entry<object>, now: Instant): boolean =>
  trouble === undefined ? reading === undefined || now - reading.at > renewedAfter : now - trouble.at > triedAgainAfter;

/** Waits for it, and no longer than a moment. */
async function orEnough(clock: Clock, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, clock.sleep(longestWaitMillis, done.signal)]);
  } finally {
    work.catch(() => undefined);
    done.abort();
  }
}
