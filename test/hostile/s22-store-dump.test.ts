import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { type Booted, boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../support/device-login.ts";
import { logIn, refresh, renewable } from "../support/drive.ts";

let folder: string;
let rig: RedisRig;
let redis: Redis;
let broker: Booted;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-redis-"));
  rig = await startRedis({ dir: folder, appendfsync: "never" });
  redis = new Redis(rig.url);
  broker = await boot({ yaml: "store: {kind: redis, url: {env: REDIS_URL}}", env: { REDIS_URL: rig.url } });
});
afterAll(async () => {
  await broker.stop();
  redis.disconnect();
  await rig.stop();
  await rm(folder, { recursive: true, force: true });
});

/** All that a thief of the store's disk would read: keys and values. */
async function dump(): Promise<string> {
  const found: string[] = [];
  for (const key of await redis.keys("*")) {
    const type = await redis.type(key);
    const value =
      type === "hash"
        ? await redis.hgetall(key)
        : type === "set"
          ? await redis.smembers(key)
          : type === "zset"
            ? await redis.zrange(key, "0", "-1")
            : await redis.get(key);
    found.push(key, JSON.stringify(value));
  }
  return found.join("\n");
}

test("S-22: a dump of the store opens nothing: no code, no token, no cookie, no state, in any form that works", async () => {
  const secrets: string[] = [];
  const browser = new Browser();
  const pending = await startDevice(broker.issuer, { client_id: "gx1" });
  secrets.push(pending.device_code, pending.user_code, pending.user_code.replace("-", ""));
  const first = await browser.open(`${broker.issuer}/login?tenant=customer-a&user_code=${pending.user_code}`);
  secrets.push(browser.cookiesLike("cloudpass-login-")[0]?.[1] ?? "none");
  const half = new Browser();
  const stopped = await half.submit(
    await half.open(`${broker.issuer}/login?tenant=customer-a`),
    { username: "bob", password: "bob" },
    { formId: "login", stopAt: `${broker.issuer}/login/callback` },
  );
  secrets.push(
    new URL(stopped.stopped ?? "").searchParams.get("state") ?? "none",
    half.cookiesLike("cloudpass-login-")[0]?.[1] ?? "none",
  );
  expect(await dump(), "a sign-in under way does not tell the code it is for").not.toContain(pending.user_code);
  await browser.submit(first, { username: "bob", password: "bob" }, { formId: "login" });
  secrets.push(browser.cookie("cloudpass") ?? "none");
  const approved = await startDevice(broker.issuer, { client_id: "console-tool", scope: renewable });
  await decideInBrowser(approved.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
  secrets.push(approved.device_code, approved.user_code);
  const tokens = await poll(broker.issuer, { client_id: "console-tool", device_code: approved.device_code });
  const next = await refresh(broker.issuer, tokens.body["refresh_token"]);
  for (const { body } of [tokens, next])
    secrets.push(String(body["refresh_token"]), String(body["access_token"]), String(body["id_token"]));
  const all = await dump();
  expect(all).toContain("customer-a-idp");
  for (const [i, secret] of secrets.entries()) {
    expect(secret.length, `secret ${i}`).toBeGreaterThanOrEqual(8);
    expect(all.includes(secret), `secret ${i} is in the dump`).toBe(false);
  }
  for (const text of all.match(/[\w-]{43}/g) ?? []) {
    const stolen = await postForm(`${broker.issuer}/token`, {
      grant_type: "refresh_token",
      client_id: "console-tool",
      refresh_token: text,
    });
    expect(stolen.body["error"]).toBe("invalid_grant");
  }
});

test("S-22: secrets are at least 128 bits", async () => {
  const { device_code } = await startDevice(broker.issuer, { client_id: "gx1" });
  const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
  for (const secret of [device_code, String(body["refresh_token"])]) {
    expect(Buffer.from(secret, "base64url").length).toBeGreaterThanOrEqual(16);
  }
});

test("G12: nothing is kept for ever: every key has an end", async () => {
  for (const key of await redis.keys("*")) {
    if (!key.endsWith("epoch")) expect(await redis.pttl(key), key).toBeGreaterThan(0);
  }
});
