import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { createRedisStore } from "../../src/store/index.ts";
import { startRedis } from "../rigs/index.ts";
import { describeAccessRequests } from "./access-requests.ts";

describeAccessRequests("Redis, shared by three instances", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-access-"));
  const rig = await startRedis({ dir: folder, appendfsync: "always" });
  const open = () => createRedisStore({ url: new Secret(rig.url), clock: systemClock, random: systemRandom });
  const peers = [await open(), await open(), await open()] as const;
  return {
    peers,
    close: async () => {
      await Promise.all(peers.map((store) => store.close()));
      await rig.stop();
      await rm(folder, { recursive: true });
    },
  };
});
