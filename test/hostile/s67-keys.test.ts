import { existsSync } from "node:fs";
import { readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { dateOf, seconds } from "../../src/core/index.ts";
import { keyFileHome, replaceKeys, rotateKeys } from "../../src/issuer/index.ts";
import { lookAgain, publishAfter, publishBefore, trustedUnseen } from "../../src/issuer/keys/key-lifetimes.ts";
import { type Booted, boot } from "../support/boot.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { type HeldClock, heldClock } from "../support/held-clock.ts";

// Seen red: with a key that signs as soon as it is made, "a cluster that kept the JWKS" refuses; with `retiring` keys
// dropped at once, "no token is lost"; without the limit of one minute on keys that cannot be read, "a lost key file".

let broker: Booted;
let clock: HeldClock;
let file: string;
let refreshToken: unknown;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"] });
  clock = heldClock();
  broker = await boot({ clock });
  file = join(broker.folder, "keys.json");
  refreshToken = (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable })).body["refresh_token"];
});
afterAll(async () => {
  await broker.stop();
  vi.useRealTimers();
});

/** Time passes: the broker's clock and the identity provider's, then the instance's look at its keys. */
async function pass(by: number): Promise<void> {
  clock.advance(by);
  await vi.advanceTimersByTimeAsync(lookAgain * 1000);
  vi.setSystemTime(clock.millis());
  await new Promise((resolve) => setTimeout(resolve, 30)); // reading a file takes a turn or two of the real loop
}

const care = () => ({ home: keyFileHome(file, clock), clock });
const jwks = async (): Promise<JSONWebKeySet> => (await (await fetch(`${broker.issuer}/jwks`)).json()) as JSONWebKeySet;
const kids = (set: JSONWebKeySet) => set.keys.map((k) => k.kid);

async function token(): Promise<string> {
  const answer = await refresh(broker.issuer, refreshToken, { resource: "urn:cloudpass:target:gx1" });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  refreshToken = answer.body["refresh_token"];
  return String(answer.body["access_token"]);
}

/** What a cluster does that kept this JWKS. */
const accepts = (kept: JSONWebKeySet, jwt: string): Promise<boolean> =>
  jwtVerify(jwt, createLocalJWKSet(kept), { currentDate: dateOf(clock.now()) }).then(
    () => true,
    () => false,
  );

describe("S-67: keys change under everybody's eyes and nobody notices", () => {
  test("a cluster that kept the JWKS for its whole life always has the key, and no token is lost", async () => {
    const [before, early] = [await jwks(), await token()];
    const [made] = (await rotateKeys(care(), ["token", "client"])).made;
    await pass(0);
    expect(kids(await jwks())).toEqual([...kids(before), made?.kid]);
    for (let passed = 0; passed < publishBefore - 30; passed += 30) {
      await pass(30);
      expect(await accepts(before, await token())).toBe(true);
    }
    const kept = await jwks();
    await pass(30);
    const fresh = await token();
    expect(await accepts(before, fresh)).toBe(false);
    expect(await accepts(kept, fresh)).toBe(true);
    expect(await accepts(await jwks(), early)).toBe(true);
    await pass(publishAfter - 1);
    expect(kids(await jwks())).toEqual(kids(kept));
    await pass(1);
    expect(kids(await jwks())).toEqual([made?.kid]);
  });

  test("the JWKS says that it may be kept for a minute, and holds public parts only", async () => {
    const response = await fetch(`${broker.issuer}/jwks`);
    expect(response.headers.get("cache-control")).toBe("public, max-age=60");
    expect(await response.text()).not.toContain('"d"');
  });

  test("the realm lets us in with the client key of the day: refreshes went on through its rotation", async () => {
    await token();
    const upstream = (await (await fetch(`${broker.issuer}/upstream/jwks`)).json()) as JSONWebKeySet;
    expect(upstream.keys).toHaveLength(1);
    expect(kids(upstream)).not.toContain(kids(await jwks())[0]);
  });

  test("after an emergency a stolen key opens nothing here, and everybody gets new tokens without a login", async () => {
    const old = await token();
    await replaceKeys(care(), ["token", "client"]);
    await pass(0);
    const answer = await fetch(`${broker.issuer}/targets`, { headers: { authorization: `Bearer ${old}` } });
    expect(answer.status).toBe(401);
    expect(await accepts(await jwks(), old)).toBe(false);
    expect(await accepts(await jwks(), await token())).toBe(true);
  });

  test("a lost key file is an outage after a minute, never a new key; the file put back ends it", async () => {
    await rename(file, `${file}.away`);
    const before = kids(await jwks());
    await pass(0);
    await pass(trustedUnseen);
    await token();
    await pass(1);
    expect(outcome(await refresh(broker.issuer, refreshToken))).toBe("503 temporarily_unavailable");
    expect((await fetch(`${broker.issuer}/jwks`)).status).toBe(503);
    expect(existsSync(file)).toBe(false);
    await rename(`${file}.away`, file);
    await pass(seconds(5));
    await token();
    expect(kids(await jwks())).toEqual(before);
  });

  test("a broker without its key file does not start, and makes none", async () => {
    const lost: string[] = [];
    const started = boot({
      yaml: "keyRotation: {every: 30d}",
      prepare: async (folder) => {
        lost.push(join(folder, "keys.json"));
        await rm(join(folder, "keys.json"));
      },
    });
    await expect(started).rejects.toThrow(/keys create/);
    expect(lost.map((path) => existsSync(path))).toEqual([false]);
  });

  test("the private part is in no log", async () => {
    const { keys } = JSON.parse(await readFile(file, "utf8")) as { keys: { jwk: { d: string } }[] };
    for (const { jwk } of keys) expect(broker.lines.join()).not.toContain(jwk.d);
  });
});
