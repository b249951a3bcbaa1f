import { describe, expect, it } from "vitest";
import { Fault, instant, seconds } from "../../../src/core/index.ts";
import { type RealmNews, watchRealms } from "../../../src/jobs/realm-drift.ts";
import type { Drift } from "../../../src/realms/index.ts";
import { heldClock } from "../../support/held-clock.ts";
import { passTime, turns } from "../../support/pass-time.ts";
import { drift, step } from "../realms/drift-kit.ts";
import { heldScheduler } from "./kit.ts";

/** A watch over realms whose drift a test sets; looks are counted, news kept. */
function watch(realms: Record<string, () => Promise<Drift>>) {
  const clock = heldClock(instant(1_800_000_000));
  const start = clock.now();
  const told: [string, RealmNews | { readonly kind: "failed" }][] = [];
  const looks: string[] = [];
  const scheduler = heldScheduler(clock);
  const started = watchRealms(scheduler, {
    names: Object.keys(realms),
    every: seconds(300),
    drift: async (name) => {
      looks.push(`${name} +${clock.now() - start}`);
      const look = realms[name];
      if (look === undefined) throw new Error("no such realm");
      return look();
    },
    notify: (name, news) => void told.push([name, news]),
    clock,
  });
  const pass = (by: number) => passTime(clock, by);
  return { ...started, stop: scheduler.stop, clock, told, looks, pass };
}

const last = {
  kind: "client",
  key: "wiki",
  at: instant(1_800_000_000),
  operation: "update",
  user: "mallory",
  address: "192.0.2.7",
  ourAccount: false,
} as const;
const byMallory = "client wiki: changed by mallory from 192.0.2.7, 2027-01-15T08:00:00Z";
const none = drift([]);

describe("a watch over realms", () => {
  it("says a difference once, with who made it, counts objects, and says when it is gone", async () => {
    let now = none;
    const w = watch({ "main/scs": async () => now });
    await turns();
    now = drift([
      { step: step("client", "wiki"), last },
      { step: step("client", "wiki"), last },
    ]);
    await w.pass(900);
    expect(w.looks).toEqual(["main/scs +0", "main/scs +300", "main/scs +600", "main/scs +900"]);
    expect(w.states()).toMatchObject([{ name: "main/scs", watched: true, reachable: true, drift: 1 }]);
    now = none;
    await w.pass(300);
    expect(w.told).toEqual([
      ["main/scs", { kind: "in-step" }],
      ["main/scs", { kind: "drifted", differences: [byMallory] }],
      ["main/scs", { kind: "in-step" }],
    ]);
    expect(w.states()).toMatchObject([{ drift: 0 }]);
    await w.stop(1000);
  });

  it("says again what somebody else has done to the same object, and what stands in the way", async () => {
    let now = drift([{ step: step("client", "wiki"), last }]);
    const w = watch({ "main/scs": async () => now });
    await turns();
    now = drift([{ step: step("client", "wiki"), last: { ...last, user: "oscar" } }]);
    await w.pass(300);
    now = drift([], [{ kind: "client", key: "wiki", because: "it is not ours" }]);
    await w.pass(300);
    expect(w.told.slice(1).map(([, news]) => news)).toEqual([
      { kind: "drifted", differences: [byMallory.replace("mallory", "oscar")] },
      { kind: "drifted", differences: ["client wiki: it is not ours"] },
    ]);
    expect(w.states()).toMatchObject([{ drift: 1 }]);
    await w.stop(1000);
  });

  it("a Keycloak that is down holds up no other realm, and what was known of its own stays known", async () => {
    let down = false;
    const fault = new Fault("keycloak", "read realm", { retryable: true });
    const w = watch({
      "main/scs": async () => {
        if (down) throw fault;
        return drift([{ step: step("client", "wiki"), last }]);
      },
      "other/hangs": () => new Promise<never>(() => {}),
      "third/fine": async () => none,
    });
    await turns();
    down = true;
    await w.pass(320);
    expect(w.states()).toMatchObject([
      { name: "main/scs", reachable: false, drift: 1 },
      { name: "other/hangs", watched: false },
      { name: "third/fine", reachable: true, drift: 0 },
    ]);
    expect(w.looks.filter((look) => look.startsWith("main"))).toEqual(
      [0, 300, 305, 315].map((at) => `main/scs +${at}`),
    );
    expect(w.told.filter(([name]) => name === "main/scs").slice(1)).toEqual([
      ["main/scs", { kind: "failed", problem: fault }],
    ]);
    const stopped = w.stop(1000);
    w.clock.advance(1);
    await stopped;
  });
});
