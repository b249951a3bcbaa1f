import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Fault, instant, manualClock } from "../../src/core/index.ts";
import {
  documentAfter,
  firstKeys,
  importKeys,
  type KeyHome,
  listKeys,
  replaceKeys,
  retireKey,
  rotateKeys,
} from "../../src/issuer/index.ts";

/** A home of keys under test. */
export interface KeyHomeUnderTest {
  /** The same place as several instances see it, empty at first. */
  readonly peers: readonly [KeyHome, ...KeyHome[]];
  /** Loses what is there. */
  lose(): Promise<void>;
  /** Everything in the place, as a thief of its disk or dump would see it; undefined where it is the secret itself. */
  dump?(): Promise<string>;
  close(): Promise<void>;
}

/** The suite every home of keys passes. Time is given, none passes by itself. */
export function describeKeyHome(name: string, make: () => Promise<KeyHomeUnderTest>): void {
  describe(`the home of keys in ${name}`, () => {
    let under: KeyHomeUnderTest;
    const clock = manualClock(instant(1_800_000_000));
    const peer = (n = 0): KeyHome => under.peers[n % under.peers.length] ?? under.peers[0];
    const care = (n = 0) => ({ home: peer(n), clock });
    const statuses = async (n = 0) => (await listKeys(care(n))).map((k) => `${k.use} ${k.status}`).sort();
    beforeAll(async () => {
      under = await make();
    });
    afterAll(() => under.close());

    it("is an outage while nothing is there, and never makes keys by itself (S-67)", async () => {
      await expect(peer().read()).rejects.toThrow(Fault);
      await expect(rotateKeys(care(), ["token"])).rejects.toThrow(Fault);
      await expect(replaceKeys(care(), ["token"])).rejects.toThrow(Fault);
      await expect(peer().read()).rejects.toThrow(/keys create/);
    });

    it("takes a first key set once; every instance reads the same", async () => {
      const first = documentAfter(undefined, await firstKeys(clock), clock.now());
      await peer().create(first);
      await expect(peer(1).create(first)).rejects.toThrow(Fault);
      expect((await peer(1).read()).keys.map((k) => k.kid)).toEqual(first.keys.map((k) => k.kid));
      expect(await statuses(1)).toEqual(["client active", "token active"]);
    });

    it("S-67: of sixteen instances that rotate at once, one does", async () => {
      const rotations = await Promise.all(Array.from({ length: 16 }, (_, n) => rotateKeys(care(n), ["token"])));
      expect(rotations.flatMap((r) => r.made)).toHaveLength(1);
      expect(rotations.filter((r) => r.underWay.length === 1)).toHaveLength(15);
      expect(await statuses()).toEqual(["client active", "token active", "token next"]);
    });

    it("compares before it sets: who read an older set changes nothing", async () => {
      const known = await peer().read();
      const next = documentAfter(known, known.keys.slice(0, 2), clock.now());
      expect(await peer(1).replace(known, next)).toBe(true);
      expect(await peer().replace(known, documentAfter(known, [], clock.now()))).toBe(false);
      expect((await peer().read()).revision).toBe(next.revision);
    });

    it("keeps every key that does not sign until it is taken away", async () => {
      const [made] = (await rotateKeys(care(), ["client"])).made;
      expect(await retireKey(care(1), made?.kid ?? "")).toMatchObject({ outcome: "retired" });
      expect(await retireKey(care(1), made?.kid ?? "")).toEqual({ outcome: "unknown" });
      const active = (await listKeys(care())).find((k) => k.status === "active");
      expect(await retireKey(care(), active?.kid ?? "")).toMatchObject({ outcome: "signs" });
    });

    it("holds nothing readable where it is not the secret itself (S-22)", async () => {
      const dump = await under.dump?.();
      if (dump === undefined) return;
      const { keys } = await peer().read();
      for (const { jwk, kid } of keys) for (const part of [jwk.d, jwk.x, kid]) expect(dump).not.toContain(part);
    });

    it("a lost key set is an outage; a copy brings the same keys back, under a later revision", async () => {
      const copy = await peer().read();
      await under.lose();
      await expect(peer(1).read()).rejects.toThrow(Fault);
      clock.advanceMillis(5_000);
      await importKeys(care(), copy);
      const restored = await peer(1).read();
      expect(restored.keys).toEqual(copy.keys);
      expect(restored.revision).toBeGreaterThan(copy.revision);
      await importKeys(care(), copy);
      expect((await peer().read()).revision).toBeGreaterThan(restored.revision);
    });
  });
}
