import { type Instant, instant, type Seconds } from "./ids.ts";

/** The only source of time. Injected, so that a test moves it by hand. */
export interface Clock {
  /** The present moment in whole seconds. */
  now(): Instant;
  /** Milliseconds on the same scale, for measuring short spans. */
  millis(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => instant(Math.floor(Date.now() / 1000)),
  millis: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, ms);
      signal?.addEventListener("abort", done, { once: true });
      function done() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      }
    }),
};

/** A clock that stands still until it is moved; `sleep` moves it. */
export function manualClock(start: Instant): Clock & { advance(by: Seconds): void; advanceMillis(ms: number): void } {
  let ms = start * 1000;
  return {
    now: () => instant(Math.floor(ms / 1000)),
    millis: () => ms,
    sleep: async (by) => {
      ms += by;
    },
    advance: (by) => {
      ms += by * 1000;
    },
    advanceMillis: (by) => {
      ms += by;
    },
  };
}

/** Runs `task` every `everyMs` milliseconds until the returned function is called. Never keeps the process alive. */
export function every(everyMs: number, task: () => void): () => void {
  const timer = setInterval(task, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Runs `act` once all that this turn of the event loop has brought is taken: what then waits can be done together. */
export const atEndOfTurn = (act: () => void): void => void setImmediate(act);

/** The moment as text, RFC 3339 in UTC. */
export const isoTime = (at: Instant): string => new Date(at * 1000).toISOString().replace(".000Z", "Z");

/** Reads an RFC 3339 date or date-time (a bare date is midnight UTC); `undefined` when it is not one. */
export function parseTime(text: string): Instant | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  // `Date.parse` takes February 30th for March 2nd: a day that is not in the calendar is a mistake, not another day.
  const day = text.slice(0, 10);
  const midnight = Date.parse(day);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : instant(Math.floor(ms / 1000));
}

/** The moment as a `Date`, for libraries that want one. */
export const dateOf = (at: Instant): Date => new Date(at * 1000);
