import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { instant, Secret, seconds, systemRandom, token } from "../../src/core/index.ts";
import { type CodeRecord, codeKind, codeMemory } from "../../src/issuer/authorize/pending-authorization.ts";
import { createRedisStore } from "../../src/store/redis/redis-store.ts";
import { type RedisRig, startRedis } from "../rigs/index.ts";
import { heldClock } from "../support/held-clock.ts";
import { begin, decide, deviceGrant, enter, type Kit, kit, logIn, somebody, told } from "../unit/issuer/kit.ts";

// "Never yes twice": whatever may be used once is used once, however many ask at the same moment (G1).

const things = 2_000;
const racers = 64;
/** So many races at a time: enough to interleave, few enough to keep memory flat. */
const together = 20;

let [folder, redis]: [string, RedisRig | undefined] = ["", undefined];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-races-"));
  redis = await startRedis({ dir: folder, appendfsync: "never" });
});
afterAll(async () => {
  await redis?.stop();
  await rm(folder, { recursive: true, force: true });
});

const person = (n: number) => somebody(`racer${n}`);

describe.each(["memory", "Redis"])("64 racers for each of 2,000 on %s", { timeout: 240_000 }, (store) => {
  let k: Kit;
  beforeAll(() => {
    const clock = heldClock(instant(1_800_000_000));
    const onRedis = () => createRedisStore({ url: new Secret(redis?.url ?? ""), clock, random: systemRandom });
    k = kit(store === "memory" ? { clock } : { clock, wrap: onRedis });
  });
  afterAll(async () => {
    await k.parts.store.close();
    await k.store.close();
  });

  /** Runs a race for each of so many things; answers what every race brought. */
  async function race<T>(make: (n: number) => Promise<() => Promise<T>>): Promise<T[][]> {
    const results: T[][] = [];
    for (let n = 0; n < things; n += together) {
      const entries = await Promise.all(Array.from({ length: together }, (_, i) => make(n + i)));
      const runs = entries.map((enterRace) => Promise.all(Array.from({ length: racers }, enterRace)));
      results.push(...(await Promise.all(runs)));
      // Logins may be started at a certain rate only; that limit is tested elsewhere.
      k.clock.advance(seconds(5));
    }
    return results;
  }

  test("a device code is redeemed once", async () => {
    const outcomes = await race(async (n) => {
      const { deviceCode, userCode } = await begin(k, { client_id: "console-tool", scope: "openid offline_access" });
      const session = await k.signIn(person(n));
      const { handle = "" } = await enter(k, session, userCode);
      expect(await decide(k, session, handle, "approve")).toBeUndefined();
      const form = { grant_type: deviceGrant, client_id: "console-tool", device_code: deviceCode };
      return async () => told(await k.post("/token", form)).refused ?? "tokens";
    });
    expect(outcomes.map((o) => o.filter((x) => x === "tokens").length)).toEqual(Array(things).fill(1));
    expect(new Set(outcomes.flat())).toEqual(new Set(["tokens", "invalid_grant"]));
  });

  test("a refresh token has one successor, handed out twice at the most", async () => {
    const successors = await race(async (n) => {
      const tokens = await logIn(k, person(n));
      const form = {
        grant_type: "refresh_token",
        client_id: "console-tool",
        refresh_token: String(tokens["refresh_token"]),
      };
      return async () => told(await k.post("/token", form))["refresh_token"] as string | undefined;
    });
    for (const given of successors) {
      const got = given.filter((s) => s !== undefined);
      expect(new Set(got).size).toBe(1);
      expect(got.length).toBeLessThanOrEqual(2);
    }
  });

  test("an authorization code is redeemed once", async () => {
    const verifier = "v".repeat(43);
    const challenge = createHash("sha256").update(verifier).digest("base64url");
    const redirectUri = "http://127.0.0.1/callback";
    const outcomes = await race(async (n) => {
      const code = token(systemRandom);
      const record: CodeRecord = {
        state: "issued",
        request: { client: "console-tool", redirectUri, scope: ["openid"], challenge },
        person: person(n),
        realmGrant: `racer${n}`,
        expiresAt: instant(k.clock.now() + 60),
      };
      const put = await k.parts.store.put(codeKind, k.parts.seal.hash("code", code), record, { ttl: codeMemory });
      expect(put).toBe("created");
      const form = {
        grant_type: "authorization_code",
        client_id: "console-tool",
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
      };
      return async () => told(await k.post("/token", form)).refused ?? "tokens";
    });
    expect(outcomes.map((o) => o.filter((x) => x === "tokens").length)).toEqual(Array(things).fill(1));
    expect(new Set(outcomes.flat())).toEqual(new Set(["tokens", "invalid_grant"]));
  });
});
