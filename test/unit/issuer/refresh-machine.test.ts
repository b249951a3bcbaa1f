import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../../src/store/index.ts";
import { claimsOf } from "../../support/device-login.ts";
import { kit, logIn, somebody, told } from "./kit.ts";

type Event =
  | { do: "refresh"; token: number; client: string }
  | { do: "wait"; for: number }
  | { do: "revoke"; token: number };

const which = fc.nat({ max: 5 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("refresh" as const),
      token: which,
      client: fc.constantFrom("console-tool", "console-tool", "console-tool", "gx1"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("wait" as const), for: fc.constantFrom(1, 5, 10, 11) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("revoke" as const), token: which }) },
);

interface Known {
  readonly token: string;
  state: "current" | "rotated" | "replayed";
  at: number;
  successor?: string;
}

const refresh = (k: ReturnType<typeof kit>, refresh_token: string, client_id = "console-tool") =>
  k.post("/token", { grant_type: "refresh_token", client_id, refresh_token }).then(told);

async function run(events: readonly Event[]): Promise<void> {
  const k = kit();
  const first = String((await logIn(k, somebody("ann")))["refresh_token"]);
  const known: Known[] = [{ token: first, state: "current", at: 0 }];
  let [alive, now] = [true, 0];
  for (const e of events) {
    if (e.do === "wait") {
      k.clock.advance(e.for);
      now += e.for;
      continue;
    }
    const t = known[e.token % known.length] ?? known[0];
    if (!t) throw new Error("no token");
    if (e.do === "revoke") {
      expect(told(await k.post("/revoke", { client_id: "console-tool", token: t.token })).refused).toBeUndefined();
      alive = false;
      continue;
    }
    const answer = await refresh(k, t.token, e.client);
    const works = t.state === "current" || (t.state === "rotated" && now - t.at <= 10);
    if (e.client !== "console-tool" || !alive || !works) {
      expect(answer.refused).toBe("invalid_grant");
      if (e.client === "console-tool") alive = false;
      continue;
    }
    const successor = String(answer["refresh_token"]);
    if (t.state === "current") {
      expect(known.map((x) => x.token)).not.toContain(successor);
      known.push({ token: successor, state: "current", at: 0 });
      Object.assign(t, { state: "rotated", at: now, successor });
    } else {
      expect(successor, "the same successor").toBe(t.successor);
      t.state = "replayed";
    }
  }
  if (alive) return;
  for (const { token } of known)
    expect((await refresh(k, token)).refused, "a revoked family never yields again").toBe("invalid_grant");
}

describe("the refresh tokens of a login", () => {
  test("do for every sequence of events what the model says: one successor, a grace of 10 s once, later reuse ends the family", async () => {
    await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 15 }), run), { numRuns: 500 });
  });

  test("S-26: yield one successor under any interleaving, at most twice, and nothing after a revocation", async () => {
    const task = fc.constantFrom("refresh", "refresh", "refresh", "revoke");
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(task, { minLength: 2, maxLength: 4 }), async (s, tasks) => {
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
        const token = String((await logIn(k, somebody("ann")))["refresh_token"]);
        watched = true;
        const answers = await s.waitFor(
          Promise.all(
            tasks.map((t) =>
              t === "refresh" ? refresh(k, token) : k.post("/revoke", { client_id: "console-tool", token }).then(told),
            ),
          ),
        );
        watched = false;
        const successors = answers.flatMap((a) => (a["refresh_token"] === undefined ? [] : [a["refresh_token"]]));
        expect(new Set(successors).size).toBeLessThanOrEqual(1);
        expect(successors.length).toBeLessThanOrEqual(2);
        const over = tasks.includes("revoke") || tasks.length > 2;
        for (const t of [token, ...successors]) {
          if (over) expect((await refresh(k, String(t))).refused).toBe("invalid_grant");
        }
        if (over) return;
        const next = claimsOf((await refresh(k, String(successors[0])))["access_token"]);
        expect(next["sub"]).toBe(somebody("ann").sub);
      }),
      { numRuns: 300 },
    );
  });

  test("S-26: of a stolen one nobody is asked: neither late, nor the third time in the grace", async () => {
    for (const wait of [11, 0]) {
      const k = kit();
      const token = String((await logIn(k, somebody("ann")))["refresh_token"]);
      for (let times = wait === 0 ? 2 : 1; times > 0; times--) await refresh(k, token);
      k.clock.advance(wait);
      k.relyingParty.answers = () => Promise.reject(new Error("asked"));
      expect((await refresh(k, token)).refused).toBe("invalid_grant");
    }
  });

  test("S-26: yield nothing when the login is revoked between the question to the realm and the rotation", async () => {
    let revoke: (() => Promise<unknown>) | undefined;
    const wrap = (store: Store): Store =>
      new Proxy(store, {
        get:
          (real, verb: keyof Store) =>
          async (...args: unknown[]) => {
            const rotating = verb === "advance" && (args[0] as { name: string }).name === "refresh";
            const now = rotating ? revoke : undefined;
            revoke = rotating ? undefined : revoke;
            await now?.();
            return (real[verb] as (...a: unknown[]) => unknown).apply(real, args);
          },
      });
    const k = kit({ wrap });
    const token = String((await logIn(k, somebody("ann")))["refresh_token"]);
    revoke = () => k.post("/revoke", { client_id: "console-tool", token });
    expect((await refresh(k, token)).refused).toBe("invalid_grant");
  });
});
