import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { makeSeal, Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { sharedKeyHome } from "../../src/issuer/index.ts";
import { createRedisStore } from "../../src/store/index.ts";
import { startRedis } from "../rigs/index.ts";
import { describeKeyHome } from "./key-home-contract.ts";

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);

describeKeyHome("Redis, shared by three instances", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-keys-"));
  const rig = await startRedis({ dir: folder, appendfsync: "always" });
  const open = () => createRedisStore({ url: new Secret(rig.url), clock: systemClock, random: systemRandom });
  const stores = [await open(), await open(), await open()] as const;
  const raw = new Redis(rig.url);
  const homeOf = (store: (typeof stores)[number]) => sharedKeyHome({ store, seal });
  return {
    peers: [homeOf(stores[0]), homeOf(stores[1]), homeOf(stores[2])],
    lose: async () => void (await raw.flushall()),
    dump: async () => JSON.stringify(await Promise.all((await raw.keys("*:r:*")).map((key) => raw.get(key)))),
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      raw.disconnect();
      await rig.stop();
      await rm(folder, { recursive: true });
    },
  };
});
