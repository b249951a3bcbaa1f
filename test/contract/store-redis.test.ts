import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type Clock,
  Fault,
  instant,
  type LoginId,
  manualClock,
  Secret,
  seconds,
  systemClock,
  systemRandom,
} from "../../src/core/index.ts";
import { createMemoryStore, type Store, type Tag } from "../../src/store/index.ts";
import { createRedisStore } from "../../src/store/redis/redis-store.ts";
import { storedTag } from "../../src/store/tag.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { describeStoreContract, flowKind, fresh, freshTag, fruitKind, issued, minute } from "./store-contract.ts";

let dir: string;
let rig: RedisRig;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cloudpass-store-"));
  rig = await startRedis({ dir: join(dir, "shared"), appendfsync: "never" });
}, 60_000);
afterAll(async () => {
  await rig.stop();
  await rm(dir, { recursive: true });
});

const open = (clock: Clock = systemClock, url = rig.url, prefix?: string): Store =>
  createRedisStore({ url: new Secret(url), clock, random: systemRandom, ...(prefix !== undefined && { prefix }) });

describeStoreContract(
  "Redis, by four instances whose clocks disagree by up to five minutes",
  async () => {
    const clock = manualClock(instant(1_800_000_000));
    const skewed = (by: number): Clock => ({ ...clock, millis: () => clock.millis() + by * 1000 });
    const peers = [open(clock), open(skewed(60)), open(skewed(-60)), open(skewed(300))] as const;
    await Promise.all(peers.map((peer) => peer.ping()));
    return {
      peers,
      pass: (by) => clock.advance(by),
      close: async () => {
        await Promise.all(peers.map((peer) => peer.close()));
      },
    };
  },
  { runs: 40 },
);

interface Step {
  readonly verb: "put" | "get" | "resolve" | "take" | "advance" | "once" | "spend" | "revoke" | "pass";
  readonly id: string;
  readonly other: string;
  readonly tag: Tag;
  readonly n: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom("put", "put", "get", "resolve", "take", "advance", "once", "spend", "revoke", "pass"),
  id: fc.constantFrom("a", "b", "c"),
  other: fc.constantFrom("a", "b", "c", "d"),
  tag: fc.constantFrom(...["f", "g", "h"].map((id): Tag => ({ kind: "login", id: id as LoginId }))),
  n: fc.integer({ min: 1, max: 40 }),
});

/** Does one step on a store; what it answers, or the text of what it throws. */
async function answerOf(store: Store, { verb, id, other, tag, n }: Step): Promise<unknown> {
  const keeping = { ttl: seconds(n), tags: [tag], aliases: [other, `${other}${n % 3}`] };
  const create = [
    { kind: flowKind, id: other, value: issued, ttl: seconds(n), tags: [tag], aliases: [`${id}${n % 3}`] },
  ];
  const verbs: Record<Step["verb"], () => Promise<unknown>> = {
    put: () => store.put(flowKind, id, { ...issued, at: n }, keeping),
    get: () => store.get(flowKind, id),
    resolve: () => store.resolve(flowKind, other),
    take: () => store.take(flowKind, id),
    advance: () =>
      store.advance(
        flowKind,
        id,
        n % 2 === 0 ? ["issued"] : ["issued", "shown"],
        { state: "shown", list: ["x".repeat(n)] },
        n % 3 === 0 ? { create } : n % 3 === 1 ? { ttl: seconds(n) } : {},
      ),
    once: () => store.once("jti", id, seconds(n)),
    spend: () => store.spend({ name: "b", limit: 7, window: seconds(120) }, id, n % 4),
    revoke: () => store.revoke(tag, seconds(n)),
    pass: async () => undefined,
  };
  return verbs[verb]().catch((thrown: unknown) => String(thrown));
}

describe("the Redis store", () => {
  it("answers every sequence of verbs as the memory store does", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const clock = manualClock(instant(1_800_000_000));
        const stores = [createMemoryStore({ clock, random: systemRandom }), open(clock, rig.url, `${fresh("run")}:`)];
        for (const next of steps) {
          if (next.verb === "pass") clock.advance(seconds(next.n));
          const [memory, redis] = await Promise.all(stores.map((store) => answerOf(store, next)));
          expect(redis).toEqual(memory);
        }
        await Promise.all(stores.map((store) => store.close()));
      }),
      { numRuns: 60 },
    );
  });

  it("gives every key an end, and lets nothing of another prefix be seen", async () => {
    const raw = new Redis(rig.url);
    await raw.flushall();
    const [one, two] = [open(), open(systemClock, rig.url, "other:")];
    const [id, tag] = [fresh(), freshTag()];
    await one.put(flowKind, id, issued, { ttl: minute, tags: [tag], aliases: [fresh("alias")] });
    await one.advance(
      flowKind,
      id,
      ["issued"],
      { state: "shown" },
      {
        create: [{ kind: fruitKind, id, value: { taste: "sweet" }, ttl: minute, tags: [tag] }],
      },
    );
    await one.once("jti", id, minute);
    await one.spend({ name: "b", limit: 2, window: minute }, "k");
    await one.revoke(freshTag(), minute);
    await one.epoch();
    const keys = await raw.keys("cloudpass:*");
    expect(keys.map((key) => key.replace(/^cloudpass:(?:[\w-]{22}:)?(\w+).*/, "$1")).sort()).toEqual([
      "a",
      "b",
      "epoch",
      "f",
      "o",
      "r",
      "r",
      "x",
    ]);
    for (const key of keys) expect(await raw.pttl(key), key).toBeGreaterThan(0);
    expect(await two.get(flowKind, id)).toBeUndefined();
    expect(await two.epoch()).not.toBe(await one.epoch());
    await Promise.all([one.close(), two.close(), raw.quit()]);
  });

  it("leaves nothing behind of a record that was taken or a tag that was revoked", async () => {
    const raw = new Redis(rig.url);
    await raw.flushall();
    const store = open();
    const [tag, id] = [freshTag(), fresh()];
    await store.put(flowKind, id, issued, { ttl: minute, tags: [tag], aliases: ["x", "y"] });
    await store.take(flowKind, id);
    await store.put(flowKind, id, issued, { ttl: minute, tags: [tag], aliases: ["x", "y"] });
    await store.revoke(tag, minute);
    expect((await raw.keys("cloudpass:*")).sort()).toEqual(
      [`cloudpass:${await store.epoch()}:x:${storedTag(tag)}`, "cloudpass:epoch"].sort(),
    );
    await Promise.all([store.close(), raw.quit()]);
  });

  it("ends a record in real time even if no clock of ours moves, and forgets it in its tag", async () => {
    const raw = new Redis(rig.url);
    const store = open(manualClock(instant(1)));
    const [id, tag] = [fresh(), freshTag()];
    await store.put(flowKind, id, issued, { ttl: seconds(1), tags: [tag], aliases: [id] });
    expect(await raw.pttl(`cloudpass:${await store.epoch()}:r:flow:${id}`)).toBeGreaterThan(500);
    await systemClock.sleep(1_050);
    expect(await store.get(flowKind, id)).toBeUndefined();
    expect(await raw.keys(`*${id}*`)).toEqual([]);
    expect(await raw.exists(`cloudpass:${await store.epoch()}:f:${storedTag(tag)}`)).toBe(0);
    await Promise.all([store.close(), raw.quit()]);
  });

  it("goes on when the server forgets the scripts", async () => {
    const raw = new Redis(rig.url);
    const store = open();
    await store.put(flowKind, fresh(), issued, { ttl: minute });
    await raw.script("FLUSH");
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => store.put(flowKind, fresh(), issued, { ttl: minute })),
    );
    expect(new Set(outcomes)).toEqual(new Set(["created"]));
    await Promise.all([store.close(), raw.quit()]);
  });

  it("tells neither the password nor the address when it cannot log in", async () => {
    const store = open(systemClock, rig.url.replace("://", "://nobody:s3cret-canary@"));
    const problem = await store.ping().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(problem).toBeInstanceOf(Fault);
    const { inspect } = await import("node:util");
    expect(inspect(problem, { depth: 10 })).not.toContain("s3cret-canary");
    expect((problem as Fault).message).toBe("redis: ping failed");
    await store.close();
  });

  it("refuses an address that is not Redis's without repeating it", () => {
    expect(() => open(systemClock, "http://user:s3cret@127.0.0.1/")).toThrow("redis: the url is neither");
  });
});
