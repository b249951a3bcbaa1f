import { afterAll, describe } from "vitest";
import { systemClock, systemRandom } from "../../src/core/index.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { describeTargetLease } from "./target-lease.ts";

const store = createMemoryStore({ clock: systemClock, random: systemRandom });
afterAll(() => store.close());

describe("the lease on a target, in the embedded store", () => {
  describeTargetLease(() => store, systemClock.now);
});
