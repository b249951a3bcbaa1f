import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Secret, seconds } from "../../../src/core/index.ts";
import type { ConfiguredClient } from "../../../src/issuer/index.ts";
import { type RefreshRecord, refreshId, refreshKind } from "../../../src/issuer/logins/login.ts";
import type { Creation, Store } from "../../../src/store/index.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { begin, decide, deviceGrant, enter, issuer, type Kit, kit, somebody, told, tool } from "./kit.ts";

// A login of the `cloudpass` command: whoever refreshes proves its key.

const keys = await keyHolder();
const at = `${issuer}/token`;
const client_id = "cloudpass";

const proofOf = async (k: Kit, key: KeyHolder) => ({ dpop: await key.proof("POST", at, { iat: k.clock.now() }) });
const refresh = async (k: Kit, refresh_token: unknown) =>
  told(
    await k.post(
      "/token",
      { grant_type: "refresh_token", client_id, refresh_token: String(refresh_token) },
      await proofOf(k, keys),
    ),
  );

async function first(k: Kit): Promise<string> {
  const { deviceCode, userCode } = await begin(k, { client_id, scope: "openid offline_access" });
  const session = await k.signIn(somebody("ann"));
  const { handle = "" } = await enter(k, session, userCode);
  await decide(k, session, handle, "approve");
  const form = { grant_type: deviceGrant, client_id, device_code: deviceCode };
  return String(told(await k.post("/token", form, await proofOf(k, keys)))["refresh_token"]);
}

type Event = { do: "refresh"; back: number } | { do: "wait"; for: number };

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("refresh" as const), back: fc.nat({ max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("wait" as const), for: fc.constantFrom(1, 9, 10, 11, 60, 3_600) }),
  },
);

async function run(events: readonly Event[]): Promise<void> {
  const k = kit();
  const chain = [await first(k)];
  const usedAt: number[] = [];
  let alive = true;
  let now = 0;
  for (const e of events) {
    if (e.do === "wait") {
      k.clock.advance(e.for);
      now += e.for;
      continue;
    }
    if (now >= 43_200) return;
    const i = Math.max(0, chain.length - 1 - e.back);
    const isLast = i === chain.length - 1;
    const successorUnused = i === chain.length - 2;
    const works = alive && (isLast || successorUnused || now - (usedAt[i] ?? 0) <= 10);
    const answer = await refresh(k, chain[i]);
    if (!works) {
      expect(answer.refused).toBe("invalid_grant");
      alive = false;
      continue;
    }
    const successor = String(answer["refresh_token"]);
    if (!isLast) expect(successor, "the same successor").toBe(chain[i + 1]);
    else {
      expect(chain).not.toContain(successor);
      chain.push(successor);
      usedAt[i] = now;
    }
  }
  if (alive) return;
  for (const token of chain) expect((await refresh(k, token)).refused).toBe("invalid_grant");
}

test("a confidential client that was rotated by an earlier release gets its successor, and keeps that", async () => {
  const secret = new Secret("s".repeat(40));
  const portal: ConfiguredClient = { ...tool, id: "portal", scopes: ["openid", "offline_access"], secret };
  const k = kit({ clients: [portal] });
  const authorization = `Basic ${Buffer.from(`portal:${secret.reveal()}`).toString("base64")}`;
  const post = async (path: string, form: Record<string, string>) => told(await k.post(path, form, { authorization }));
  const started = await post("/device_authorization", { scope: "openid offline_access" });
  const session = await k.signIn(somebody("ann"));
  const { handle = "" } = await enter(k, session, String(started["user_code"]));
  await decide(k, session, handle, "approve");
  const code = String(started["device_code"]);
  const old = String((await post("/token", { grant_type: deviceGrant, device_code: code }))["refresh_token"]);
  const renew = async (refresh_token: unknown) =>
    post("/token", { grant_type: "refresh_token", refresh_token: String(refresh_token) });
  const id = refreshId(k.parts, old);
  const successor = k.parts.seal.hash("refresh successor", old);
  const record = await k.store.get(refreshKind, id);
  if (!record) throw new Error("no record");
  const create: Creation<RefreshRecord> = {
    ...{
      kind: refreshKind,
      id: refreshId(k.parts, successor),
      value: record,
      ttl: seconds(600),
      login: record.login,
    },
  };
  await k.store.advance(
    refreshKind,
    id,
    ["current"],
    { state: "rotated", rotatedAt: k.clock.now() },
    { create: [create] },
  );
  k.clock.advance(60);
  for (const token of [old, successor, successor]) expect((await renew(token))["refresh_token"]).toBe(successor);
});

describe("the refresh tokens of a login whose key is proven", () => {
  test("can be repeated until the successor is used, and for 10 s after; an older one ends the login", async () => {
    await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 15 }), run), { numRuns: 300 });
  });

  test("yield one successor to any number of processes at once, under any interleaving, and end nobody's login", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 5 }), async (s, n) => {
        let watched = false;
        const wrap = (store: Store): Store =>
          new Proxy(store, {
            get:
              (real, verb: keyof Store) =>
              async (...args: unknown[]) => {
                if (watched) await s.schedule(Promise.resolve(), String(verb));
                return (real[verb] as (...a: unknown[]) => unknown).apply(real, args);
              },
          });
        const k = kit({ wrap });
        const token = await first(k);
        watched = true;
        const answers = await s.waitFor(Promise.all(Array.from({ length: n }, () => refresh(k, token))));
        watched = false;
        expect(answers.map((a) => a.refused)).toEqual(answers.map(() => undefined));
        const successors = new Set(answers.map((a) => a["refresh_token"]));
        expect(successors.size).toBe(1);
        expect((await refresh(k, [...successors][0])).refused).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test("survive a request that hung in the broker while its repetition, and the successor, were used", async () => {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const k = kit();
    const token = await first(k);
    const answers = k.relyingParty.answers;
    k.relyingParty.answers = async (grant) => {
      k.relyingParty.answers = answers;
      asked.resolve();
      await answer.promise;
      return answers(grant);
    };
    const hung = refresh(k, token);
    await asked.promise;
    k.clock.advance(30);
    const next = await refresh(k, token);
    k.clock.advance(30);
    const after = await refresh(k, next["refresh_token"]);
    answer.resolve();
    expect((await hung).refused).toBeUndefined();
    expect((await refresh(k, after["refresh_token"])).refused).toBeUndefined();
  });
});
