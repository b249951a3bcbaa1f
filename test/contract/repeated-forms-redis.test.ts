import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { instant, Secret, systemRandom } from "../../src/core/index.ts";
import type { Store } from "../../src/store/index.ts";
import { createRedisStore } from "../../src/store/redis/redis-store.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { heldClock } from "../support/held-clock.ts";
import { describeRepeatedForms } from "./repeated-forms.ts";

let [folder, redis]: [string, RedisRig | undefined] = ["", undefined];
const opened: Store[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-repeated-"));
  redis = await startRedis({ dir: folder, appendfsync: "never" });
});
afterAll(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await redis?.stop();
  await rm(folder, { recursive: true, force: true });
});

const clock = heldClock(instant(1_800_000_000));
describeRepeatedForms("Redis", clock, () => {
  const store = createRedisStore({ url: new Secret(redis?.url ?? ""), clock, random: systemRandom });
  opened.push(store);
  return store;
});
