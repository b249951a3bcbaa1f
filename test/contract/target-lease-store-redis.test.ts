import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { createRedisStore, type Store } from "../../src/store/index.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { describeTargetLease } from "./target-lease.ts";

let folder: string;
let rig: RedisRig;
let stores: readonly Store[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-lease-"));
  rig = await startRedis({ dir: folder, appendfsync: "always" });
  const open = () => createRedisStore({ url: new Secret(rig.url), clock: systemClock, random: systemRandom });
  stores = [await open()];
}, 60_000);
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rig?.stop();
  await rm(folder, { recursive: true });
});

describe("the lease on a target, in Redis", () => {
  describeTargetLease(() => {
    const [store] = stores;
    if (store === undefined) throw new Error("there is no store");
    return store;
  }, systemClock.now);
});
