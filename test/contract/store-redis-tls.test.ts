import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, it } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { createRedisStore } from "../../src/store/redis/redis-store.ts";
import { createTestCa, freePort, startRedis } from "../rigs/index.ts";
import { flowKind, issued, minute } from "./store-contract.ts";

it("speaks TLS by rediss:// with a password, and refuses a server whose certificate nobody vouches for", async () => {
  const dir = await mkdtemp(join(tmpdir(), "cloudpass-tls-"));
  const ca = await createTestCa(join(dir, "ca"));
  const { certFile, keyFile } = await ca.issue({ name: "redis" });
  const port = await freePort();
  const configuration = [
    `tls-port ${port}`,
    `tls-cert-file "${certFile}"`,
    `tls-key-file "${keyFile}"`,
    "tls-auth-clients no",
    "user broker on >s3cret ~cloudpass:* +@all",
  ];
  const rig = await startRedis({ dir, appendfsync: "never", configuration });
  const url = new Secret(`rediss://broker:s3cret@127.0.0.1:${port}/1`);
  const stranger = createRedisStore({ url, clock: systemClock, random: systemRandom });
  await expect(stranger.ping()).rejects.toThrow("redis: ping failed");
  await stranger.close();
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, await readFile(ca.certFile, "utf8")]);
  const store = createRedisStore({ url, clock: systemClock, random: systemRandom });
  try {
    await store.put(flowKind, "id", issued, { ttl: minute });
    expect(await store.get(flowKind, "id")).toEqual(issued);
  } finally {
    setDefaultCACertificates(before);
    await store.close();
    await rig.stop();
    await rm(dir, { recursive: true });
  }
}, 30_000);
