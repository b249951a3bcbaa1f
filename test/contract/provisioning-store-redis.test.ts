import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { createRedisStore } from "../../src/store/index.ts";
import { startRedis } from "../rigs/index.ts";
import { describeProvisioning } from "./provisioning.ts";

describeProvisioning("Redis, shared by two instances", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cloudpass-provisioning-"));
  const rig = await startRedis({ dir: folder });
  const open = () => createRedisStore({ url: new Secret(rig.url), clock: systemClock, random: systemRandom });
  const [one, two] = [await open(), await open()];
  return {
    peers: [one, two],
    clock: systemClock,
    close: async () => {
      await Promise.all([one.close(), two.close()]);
      await rig.stop();
      await rm(folder, { recursive: true });
    },
  };
});
