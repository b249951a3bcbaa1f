import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault, Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { defineKind, type Store } from "../../src/store/index.ts";
import { createRedisStore } from "../../src/store/redis/redis-store.ts";
import { freePort, type RedisOptions, type RedisRig, startRedis } from "../rigs/index.ts";
import { flowKind, fresh, freshTag, issued, minute } from "./store-contract.ts";

let dir: string;
const rigs: RedisRig[] = [];
const stores: Store[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cloudpass-outage-"));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(rigs.map((rig) => rig.kill()));
  await rm(dir, { recursive: true });
});

const start = async (appendfsync: NonNullable<RedisOptions["appendfsync"]>, port?: number): Promise<RedisRig> => {
  const rig = await startRedis({ dir: join(dir, fresh("redis")), appendfsync, ...(port !== undefined && { port }) });
  rigs.push(rig);
  return rig;
};
const open = (url: string): Store => {
  const store = createRedisStore({ url: new Secret(url), clock: systemClock, random: systemRandom });
  stores.push(store);
  return store;
};
/** What a promise is rejected with, and how long that took. */
const failing = async (work: Promise<unknown>): Promise<{ problem: unknown; ms: number }> => {
  const began = systemClock.millis();
  const problem = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { problem, ms: systemClock.millis() - began };
};
const untilReady = async (store: Store): Promise<number> => {
  const began = systemClock.millis();
  while ((await failing(store.ping())).problem !== undefined) await systemClock.sleep(20);
  return systemClock.millis() - began;
};

describe("the Redis store when its server fails", { timeout: 60_000 }, () => {
  it("S-64: fails at once with a Fault for every verb after kill -9, and is ready within 3 s of the return", async () => {
    const rig = await start("always");
    const store = open(rig.url);
    const id = fresh();
    await store.put(flowKind, id, issued, { ttl: minute });
    const epoch = await store.epoch();
    await rig.kill();
    await failing(store.ping());
    const verbs: (() => Promise<unknown>)[] = [
      () => store.put(flowKind, fresh(), issued, { ttl: minute }),
      () => store.get(flowKind, id),
      () => store.resolve(flowKind, id),
      () => store.take(flowKind, id),
      () => store.advance(flowKind, id, ["issued"], {}),
      () => store.once("jti", id, minute),
      () => store.spend({ name: "b", limit: 1, window: minute }, id),
      () => store.revoke(freshTag(), minute),
      () => store.epoch(),
      () => store.ping(),
    ];
    for (const verb of verbs) {
      const { problem, ms } = await failing(verb());
      expect(problem).toBeInstanceOf(Fault);
      expect((problem as Fault).dependency).toBe("redis");
      expect(ms).toBeLessThan(100);
    }
    await rig.restart();
    expect(await untilReady(store)).toBeLessThan(3_000);
    // appendfsync always: nothing was lost, so the epoch stands and the record is there
    expect(await store.epoch()).toBe(epoch);
    expect(await store.get(flowKind, id)).toEqual(issued);
  });

  it("S-65: changes the epoch, the same for all instances, when a restart may have lost writes", async () => {
    const lastingKind = defineKind<{ readonly taste: string }>()("stone", ["taste"], { lasting: true });
    for (const persistence of ["everysec", "never"] as const) {
      const rig = await start(persistence);
      const [one, two] = [open(rig.url), open(rig.url)];
      const before = await one.epoch();
      const id = fresh();
      await one.put(flowKind, id, issued, { ttl: minute });
      await one.put(lastingKind, id, { taste: "salt" }, { ttl: minute });
      await rig.kill();
      await rig.restart();
      await Promise.all([untilReady(one), untilReady(two)]);
      const after = await Promise.all([one.epoch(), two.epoch(), one.epoch()]);
      expect(new Set(after).size).toBe(1);
      expect(after[0]).not.toBe(before);
      expect(await two.get(flowKind, id)).toBeUndefined();
      expect(await two.get(lastingKind, id)).toEqual(persistence === "never" ? undefined : { taste: "salt" });
    }
  });

  it("S-65: notices within a second or two that everything was thrown away, without a new connection", async () => {
    const rig = await start("always");
    const [one, two] = [open(rig.url), open(rig.url)];
    const before = await one.epoch();
    await two.ping();
    const raw = new Redis(rig.url);
    await raw.flushall();
    raw.disconnect();
    while ((await one.epoch()) === before || (await two.epoch()) !== (await one.epoch())) await systemClock.sleep(50);
    const id = fresh();
    await one.put(flowKind, id, issued, { ttl: minute });
    expect(await two.get(flowKind, id)).toEqual(issued);
  });

  it("bounds its waiting when the server hangs, and does not let commands pile up behind it", async () => {
    const rig = await start("never");
    const store = open(rig.url);
    await store.ping();
    const pid = rig.processes[0]?.identity.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => failing(store.once("jti", fresh(), minute))));
    for (const { problem, ms } of outcomes) {
      expect(problem).toBeInstanceOf(Fault);
      expect(ms).toBeLessThan(2_500);
    }
    await systemClock.sleep(700);
    expect((await failing(store.ping())).ms).toBeLessThan(2_500);
    process.kill(pid, "SIGCONT");
    expect(await untilReady(store)).toBeLessThan(3_000);
  });

  it("does each change once or not at all when the server dies between them", async () => {
    const rig = await start("always");
    const store = open(rig.url);
    const budget = { name: "b", limit: 1_000, window: minute };
    await store.spend(budget, "k", 0);
    const waves = Array.from({ length: 200 }, async (_, n) => {
      await systemClock.sleep(n);
      return failing(store.spend(budget, "k"));
    });
    await systemClock.sleep(100);
    await rig.kill();
    await rig.restart();
    const answered = (await Promise.all(waves)).filter(({ problem }) => problem === undefined).length;
    await untilReady(store);
    const used = budget.limit - (await store.spend(budget, "k", 0)).left;
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(200);
    expect(used).toBeGreaterThanOrEqual(answered);
    expect(used).toBeLessThanOrEqual(200);
  });

  it("starts while the server is away: the first callers wait a little, later ones not at all, until it comes", async () => {
    const port = await freePort();
    const store = open(`redis://127.0.0.1:${port}`);
    const first = await failing(store.ping());
    expect(first.problem).toBeInstanceOf(Fault);
    expect(first.ms).toBeLessThan(2_500);
    expect((await failing(store.epoch())).ms).toBeLessThan(100);
    await start("never", port);
    expect(await untilReady(store)).toBeLessThan(3_000);
    expect(await store.epoch()).toMatch(/^\S{16,}$/);
  });

  it("answers a Fault after it was closed", async () => {
    const rig = await start("never");
    const store = open(rig.url);
    await store.ping();
    await store.close();
    expect((await failing(store.get(flowKind, fresh()))).problem).toBeInstanceOf(Fault);
  });
});
