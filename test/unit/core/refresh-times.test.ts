import { expect, test } from "vitest";
import { refreshTimes as t } from "../../../src/core/index.ts";

test("the times of a refresh and its lost answer stand in one relation", () => {
  // A process is killed while it refreshes: who waits for its lock comes before the repetition is taken for theft.
  expect(t.lockLife + t.lockLookMillis / 1000).toBeLessThan(t.grace - 2);
  // A request that is repeated without a key arrives within the grace of the first.
  expect(t.repeatUnproven).toBeLessThanOrEqual(t.grace - 5);
  // A lock is renewed at half its life; the library does so at most each second.
  expect(t.lockLife).toBeGreaterThanOrEqual(4);
  // Who waits for another one's refresh waits for its repetition too.
  expect(t.lockPatience).toBeGreaterThan(2 * t.wait);
});
