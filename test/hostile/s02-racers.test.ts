import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { type Booted, type BootOptions, boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { outcome, refresh, renewable } from "../support/drive.ts";

let [folder, redis]: [string, RedisRig | undefined] = ["", undefined];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-redis-"));
  redis = await startRedis({ dir: folder, appendfsync: "never" });
});
afterAll(async () => {
  await redis?.stop();
  await rm(folder, { recursive: true, force: true });
});

const stores: [string, () => BootOptions][] = [
  ["memory", () => ({})],
  ["Redis", () => ({ yaml: "store: {kind: redis, url: {env: REDIS_URL}}", env: { REDIS_URL: redis?.url ?? "" } })],
];

describe.each(stores)("S-02 on %s", (_name, options) => {
  let broker: Booted;
  const browser = new Browser();
  beforeAll(async () => {
    broker = await boot(options());
  });
  afterAll(() => broker.stop());

  test("of 64 racers with one approved code exactly one gets tokens, and what it gets works", async () => {
    for (let round = 0; round < 3; round++) {
      const start = await startDevice(broker.issuer, { client_id: "console-tool", scope: renewable });
      await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
      const form = { client_id: "console-tool", device_code: start.device_code };
      const answers = await Promise.all(Array.from({ length: 64 }, () => poll(broker.issuer, form)));
      const winners = answers.filter((a) => a.status === 200);
      expect(winners).toHaveLength(1);
      expect(new Set(answers.filter((a) => a.status !== 200).map(outcome))).toEqual(new Set(["400 invalid_grant"]));
      expect(outcome(await refresh(broker.issuer, winners[0]?.body["refresh_token"]))).toBe("200");
    }
  });

  test("before redemption there is no token anywhere: approving writes none", async () => {
    const issued = () => broker.lines.filter((l) => l.includes('"token.issued"')).length;
    const before = issued();
    const start = await startDevice(broker.issuer, { client_id: "gx1" });
    await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
    expect(issued()).toBe(before);
  });
});
