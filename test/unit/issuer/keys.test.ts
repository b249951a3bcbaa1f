import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import {
  clockSkew,
  Fault,
  type Instant,
  instant,
  longestAccessToken,
  manualClock,
  seconds,
} from "../../../src/core/index.ts";
import {
  documentAfter,
  firstKeys,
  type KeyDocument,
  type KeyHome,
  type KeyRing,
  keysAt,
  listKeys,
  openKeyRing,
  replaceKeys,
  retireKey,
  rotateIfDue,
  rotateKeys,
} from "../../../src/issuer/index.ts";
import { jwksLifetime, publishAfter, publishBefore, trustedUnseen } from "../../../src/issuer/keys/key-lifetimes.ts";
import { makeKey, nextChange } from "../../../src/issuer/keys/stored-key.ts";

const start = instant(1_800_000_000);

/** A home in memory that can be out of reach. */
function memoryHome(first: KeyDocument): KeyHome & { away: boolean; document: KeyDocument } {
  return {
    name: "key file",
    away: false,
    document: first,
    async read() {
      if (this.away) throw new Fault("key file", "reading");
      return this.document;
    },
    async replace(known, next) {
      if (this.document.revision !== known.revision) return false;
      this.document = next;
      return true;
    },
    async create() {},
  };
}

const rings: KeyRing[] = [];
afterEach(() => {
  for (const ring of rings.splice(0)) ring.close();
});

async function world() {
  const clock = manualClock(start);
  const home = memoryHome(documentAfter(undefined, await firstKeys(clock), start));
  const ring = await openKeyRing({ home, clock });
  rings.push(ring);
  const pass = async (by: number) => {
    clock.advance(seconds(by));
    await ring.refresh();
  };
  return { clock, home, ring, pass, care: { home, clock } };
}

const kidOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split(".")[0] ?? "", "base64url").toString()).kid as string;
const published = (ring: KeyRing) => ring.token().jwks.keys.map((k) => k.kid);

describe("the life of a signing key (S-67)", () => {
  test("is published two lives of a kept JWKS before it signs, and until the last token it signed is over", () => {
    expect(publishBefore).toBeGreaterThanOrEqual(2 * jwksLifetime + clockSkew);
    expect(publishAfter).toBeGreaterThanOrEqual(longestAccessToken + clockSkew);
    expect(longestAccessToken).toBeGreaterThanOrEqual(15 * 60);
    expect(trustedUnseen).toBeLessThanOrEqual(publishBefore);
  });

  test("next → active → retiring → gone, by the clock alone, with one write", async () => {
    const { ring, pass, care, home } = await world();
    const [old = ""] = published(ring);
    const [made] = (await rotateKeys(care, ["token"])).made;
    const { revision } = home.document;
    await pass(0);
    expect(published(ring)).toEqual([old, made?.kid]);
    await pass(publishBefore - 1);
    expect(kidOf(ring.token().sign("at+jwt", {}))).toBe(old);
    await pass(1);
    expect(kidOf(ring.token().sign("at+jwt", {}))).toBe(made?.kid);
    await pass(publishAfter - 1);
    expect(published(ring)).toEqual([old, made?.kid]);
    await pass(1);
    expect(published(ring)).toEqual([made?.kid]);
    expect(home.document.revision).toBe(revision);
  });

  test("every token finds its key at every instance until its end, however the clocks of signer and judge differ", () => {
    const key = (n: number, signsAt: number) =>
      ({ kid: `k${n}`, use: "token", signsFrom: new Date((start + signsAt) * 1000).toISOString() }) as never;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: publishBefore, max: 4_000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 20_000 }),
        fc.integer({ min: -clockSkew / 2, max: clockSkew / 2 }),
        fc.integer({ min: -clockSkew / 2, max: clockSkew / 2 }),
        fc.integer({ min: 0, max: longestAccessToken }),
        (gaps, at, signerOff, judgeOff, age) => {
          // Each rotation is written `publishBefore` ahead of the moment at which its key signs.
          const signs = [0];
          for (const gap of gaps) signs.push((signs.at(-1) ?? 0) + gap);
          const heldAt = (now: number) =>
            signs.flatMap((s, n) => (n === 0 || s - publishBefore <= now - start ? [key(n, s)] : []));
          const signed = instant(start + at);
          const signer = keysAt(heldAt(signed), (signed + signerOff) as Instant).find((k) => k.status === "active");
          const judged = instant(signed + age);
          const known = keysAt(heldAt(judged), (judged + judgeOff) as Instant).map((k) => k.kid);
          // A cluster keeps a JWKS for its whole life: it read the one of `jwksLife` ago.
          const kept = keysAt(heldAt(signed - jwksLifetime), (signed - jwksLifetime + judgeOff) as Instant).map(
            (k) => k.kid,
          );
          return signer !== undefined && known.includes(signer.kid) && (at < jwksLifetime || kept.includes(signer.kid));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("has an id that no command takes for an option, whatever key comes", async () => {
    const made = await Promise.all(Array.from({ length: 600 }, () => makeKey("token", "active", manualClock(start))));
    expect(new Set(made.map((key) => key.kid)).size).toBe(600);
    expect(made.filter((key) => !/^[\w][\w-]{42}$/.test(key.kid)).map((key) => key.kid)).toEqual([]);
  });

  test("an instance whose clock is behind every key signs with the first one: there is never none", async () => {
    const key = await makeKey("token", "active", manualClock(instant(start + 30)));
    expect(keysAt([key], start)[0]?.status).toBe("active");
    expect(nextChange([key], start)).toBeUndefined();
  });

  test("a rotation under way is left alone, another use's is not its business", async () => {
    const { care } = await world();
    const first = await rotateKeys(care, ["token"]);
    const second = await rotateKeys(care, ["token", "client"]);
    expect(second.underWay.map((k) => k.kid)).toEqual(first.made.map((k) => k.kid));
    expect(second.made.map((k) => k.use)).toEqual(["client"]);
  });

  test("an emergency drops all keys of the use, next and retiring too, and a new one signs at once", async () => {
    const { ring, pass, care } = await world();
    await rotateKeys(care, ["token"]);
    await pass(publishBefore);
    await rotateKeys(care, ["token"]);
    await pass(0);
    const before = published(ring);
    const client = ring.client().active.kid;
    expect(before).toHaveLength(3);
    const { dropped, made } = await replaceKeys(care, ["token"]);
    expect(dropped.map((k) => k.kid).sort()).toEqual([...before].sort());
    await pass(0);
    expect(published(ring)).toEqual(made.map((k) => k.kid));
    expect(kidOf(ring.token().sign("at+jwt", {}))).toBe(made[0]?.kid);
    expect(before.filter((kid) => ring.token().verifier(kid))).toEqual([]);
    expect(ring.client().active.kid).toBe(client);
  });

  test("a next key may be taken back until a minute before it signs", async () => {
    const { care, pass } = await world();
    const [made] = (await rotateKeys(care, ["token"])).made;
    await pass(publishBefore - clockSkew);
    expect(await retireKey(care, made?.kid ?? "")).toMatchObject({ outcome: "signs" });
    const again = await world();
    const [fresh] = (await rotateKeys(again.care, ["token"])).made;
    await again.pass(publishBefore - clockSkew - 1);
    expect(await retireKey(again.care, fresh?.kid ?? "")).toMatchObject({ outcome: "retired" });
  });
});

describe("rotation by itself", () => {
  test("happens when a key has signed for long enough, once over all instances", async () => {
    const { care, pass } = await world();
    const age = seconds(86_400);
    const look = () => Promise.all(Array.from({ length: 8 }, () => rotateIfDue(care, age)));
    expect((await look()).flat()).toEqual([]);
    await pass(86_400);
    expect((await look()).flat().map((k) => k.use)).toEqual(["token", "client"]);
    await pass(publishBefore + 60);
    expect((await look()).flat()).toEqual([]);
    expect((await listKeys(care)).map((k) => `${k.use} ${k.status}`)).toEqual([
      "token retiring",
      "token active",
      "client retiring",
      "client active",
    ]);
  });
});

describe("the keys of a running instance", () => {
  test("are used on for a minute when their home is out of reach, and then not any more", async () => {
    const { ring, home, pass } = await world();
    home.away = true;
    await pass(0);
    await pass(trustedUnseen);
    expect(published(ring)).toHaveLength(1);
    await pass(1);
    expect(() => ring.token()).toThrow(Fault);
    expect(() => ring.client()).toThrow(/could not be read/);
    home.away = false;
    await pass(0);
    expect(published(ring)).toHaveLength(1);
  });

  test("never go back to an older set: a restored store would bring dropped keys back", async () => {
    const { ring, home, pass, care } = await world();
    const stolen = home.document;
    await replaceKeys(care, ["token"]);
    await pass(0);
    const [fresh] = published(ring);
    home.document = stolen;
    await pass(0);
    expect(published(ring)).toEqual([fresh]);
    await pass(trustedUnseen + 1);
    expect(() => ring.token()).toThrow(Fault);
  });

  test("are not taken from a set without an active key of each use", async () => {
    const { ring, home, pass } = await world();
    const before = published(ring);
    home.document = { ...home.document, revision: home.document.revision + 1, keys: home.document.keys.slice(0, 1) };
    await pass(0);
    expect(published(ring)).toEqual(before);
  });

  test("cannot be had to begin with when there are none", async () => {
    const { home, clock } = await world();
    home.away = true;
    await expect(openKeyRing({ home, clock })).rejects.toThrow(Fault);
  });
});
