import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Secret, systemClock, systemRandom } from "../../src/core/index.ts";
import { createRedisStore, type Store } from "../../src/store/index.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { ending, mailOptions, outboxKit } from "../unit/notices/kit.ts";

let folder: string;
let rig: RedisRig;
let stores: readonly [Store, Store];
const open = () => createRedisStore({ url: new Secret(rig.url), clock: systemClock, random: systemRandom });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-notices-"));
  rig = await startRedis({ dir: folder, appendfsync: "always" });
  stores = [await open(), await open()];
});

afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await rig.stop();
  await rm(folder, { recursive: true });
});

it("instances that share a Redis tell a notice once, whoever was asked to and whoever tells it", async () => {
  const options = { mail: mailOptions, webhooks: [] };
  const [one, two] = stores.map((store) => outboxKit(options, undefined, { store })) as [Kit, Kit];
  const outcomes = await Promise.all([one, two, one, two].map(({ notices }) => notices.send(ending())));
  expect(outcomes.sort()).toEqual(["kept", "known", "known", "known"]);
  await two.run();
  await one.run();
  expect([...one.tried, ...two.tried].map(({ to }) => to)).toEqual(["anna@customer-a.example"]);
  expect(await one.notices.send(ending())).toBe("known");
});

it("what waits outlives the instance that was asked, and its tries are counted on", async () => {
  const options = { mail: mailOptions, webhooks: [] };
  const away = outboxKit(options, () => ({ outcome: "later", detail: "away", away: true }), { store: stores[0] });
  await away.notices.send(ending({ grant: "g2" }));
  await away.run();
  const store = await open();
  const next = outboxKit(options, undefined, { store, clock: away.clock });
  await next.run();
  expect(next.tried).toEqual([]);
  away.clock.advance(10 as never);
  await next.run();
  expect(next.tried).toHaveLength(1);
  await store.close();
});

type Kit = ReturnType<typeof outboxKit>;
