import { cp, mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { freePort } from "../rigs/support/free-port.ts";
import { type Booted, boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { decideInBrowser, embeddedVisitor, type JsonAnswer, poll, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-redis-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let broker: Booted;
const held: RedisRig[] = [];
const client_id = "console-tool";
const onRedis = async (port: number) => {
  broker = await boot({
    yaml: "store: {kind: redis, url: {env: REDIS_URL}}",
    env: { REDIS_URL: `redis://127.0.0.1:${port}` },
  });
};
const start = async (name: string, appendfsync: "always" | "everysec", port?: number): Promise<RedisRig> => {
  const rig = await startRedis({ dir: join(folder, name), appendfsync, ...(port !== undefined && { port }) });
  held.push(rig);
  return rig;
};
afterEach(async () => {
  await broker.stop();
  await Promise.all(held.splice(0).map((rig) => rig.kill()));
});

/** What a thief kept: a code that was redeemed and a refresh token that was used; and the browser of whoever logged in. */
interface Spoils {
  readonly browser: Browser;
  readonly device_code: string;
  readonly usedToken: unknown;
}

/** Logs in; `meanwhile` happens before code and token are used up. */
async function useUp(meanwhile: () => Promise<void>): Promise<Spoils> {
  const browser = new Browser();
  const login = await logIn(broker.issuer, { client_id, scope: renewable }, { browser });
  const { device_code, verification_uri_complete } = await startDevice(broker.issuer, { client_id });
  await decideInBrowser(verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
  await meanwhile();
  expect(outcome(await poll(broker.issuer, { client_id, device_code }))).toBe("200");
  const usedToken = login.body["refresh_token"];
  expect(outcome(await refresh(broker.issuer, usedToken))).toBe("200");
  return { browser, device_code, usedToken };
}

/** Asks again until the store answers. */
async function untilAnswered(ask: () => Promise<JsonAnswer>): Promise<string> {
  for (let n = 0; ; n++) {
    const said = outcome(await ask());
    if (!said.startsWith("503") || n > 100) return said;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function expectNothingOpens({ browser, device_code, usedToken }: Spoils): Promise<void> {
  const redeemed = await untilAnswered(() => poll(broker.issuer, { client_id, device_code }));
  expect(redeemed, "the redeemed code").toBe("400 invalid_grant");
  expect(outcome(await refresh(broker.issuer, usedToken)), "the used token").toBe("400 invalid_grant");
  expect(heading(await browser.open(`${broker.issuer}/account`)), "the session").toBe("Sign in");
  expect((await logIn(broker.issuer, { client_id })).status, "a new login").toBe(200);
}

/** Has every instance connect anew, as a short break of the network does. */
async function breakConnections({ url }: RedisRig): Promise<void> {
  const redis = new Redis(url);
  await redis.call("CLIENT", "KILL", "TYPE", "normal");
  redis.disconnect();
  await untilAnswered(() => poll(broker.issuer, { client_id, device_code: "nobody's" }));
}

describe("S-65: a store that went back in time brings no code, token or session back", { timeout: 60_000 }, () => {
  test.each(["everysec", "always"] as const)("after a copy was restored (appendfsync %s)", async (appendfsync) => {
    const name = `restored-${appendfsync}`;
    const [data, copy] = [join(folder, name), join(folder, `${name}-copy`)];
    const rig = await start(name, appendfsync);
    await onRedis(rig.port);
    const spoils = await useUp(() => cp(data, copy, { recursive: true }));
    await breakConnections(rig);
    await rig.kill();
    await rm(data, { recursive: true });
    await cp(copy, data, { recursive: true });
    await rig.restart();
    await expectNothingOpens(spoils);
  });

  describe("after a replica that was cut off took over", () => {
    let [primary, replica]: RedisRig[] = [];
    let server: Server;
    const sockets = new Set<Socket>();
    beforeEach(async () => {
      [primary, replica] = [await start("primary", "always"), await start("replica", "always")];
      let to = primary.port;
      server = createServer((from) => {
        const onward = createConnection(to, "127.0.0.1");
        for (const socket of [from, onward]) {
          sockets.add(socket);
          socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
        }
        from.pipe(onward).pipe(from);
      });
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
      switchOver = async () => {
        to = replica?.port ?? 0;
        await primary?.kill();
        for (const socket of sockets) socket.destroy();
      };
      await onRedis(port);
    });
    afterEach(() => server.close());
    let switchOver: () => Promise<void>;

    test("which writes everything to disk, and so calls itself durable", async () => {
      const ofReplica = new Redis(replica?.url ?? "");
      await ofReplica.replicaof("127.0.0.1", primary?.port ?? 0);
      const spoils = await useUp(async () => {
        while (!(await ofReplica.info("replication")).includes("master_link_status:up"))
          await new Promise((resolve) => setTimeout(resolve, 50));
        const ofPrimary = new Redis(primary?.url ?? "");
        await ofPrimary.wait(1, 5_000);
        ofPrimary.disconnect();
        await ofReplica.replicaof("NO", "ONE");
      });
      ofReplica.disconnect();
      await switchOver();
      await expectNothingOpens(spoils);
    });
  });
});
