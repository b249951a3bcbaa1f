import { type Clock, type Instant, instant, systemClock } from "../../src/core/index.ts";

/** A clock that a test moves while a broker runs: whoever sleeps wakes when the time has come, and not before. */
export interface HeldClock extends Clock {
  advance(seconds: number): void;
}

/** Held at the present moment if not told otherwise. */
export function heldClock(start: Instant = systemClock.now()): HeldClock {
  let ms = start * 1000;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => instant(Math.floor(ms / 1000)),
    millis: () => ms,
    sleep: (by, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { at: ms + by, wake: done };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", done, { once: true });
        function done() {
          sleepers.delete(sleeper);
          signal?.removeEventListener("abort", done);
          resolve();
        }
      }),
    advance: (by) => {
      ms += by * 1000;
      for (const { at, wake } of [...sleepers]) if (at <= ms) wake();
    },
  };
}
