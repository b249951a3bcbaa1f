import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  deepFreeze,
  Fault,
  instant,
  isoTime,
  manualClock,
  parseTime,
  Secret,
  subjectId,
  systemClock,
  systemRandom,
  type TenantName,
  token,
} from "../../../src/core/index.ts";

describe("a secret never prints", () => {
  const secret = new Secret("hunter2");
  test.each([
    ["a template", () => `${secret}`],
    ["string addition", () => `x${String(secret)}`],
    ["JSON", () => JSON.stringify({ deep: [secret] })],
    ["inspect", () => inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ["its keys", () => JSON.stringify([Object.entries(secret), Reflect.ownKeys(secret)])],
    ["a copy", () => JSON.stringify({ ...secret })],
    ["an error", () => inspect(new Fault("redis", "connecting", { cause: new Error(`to ${secret}`) }))],
  ])("in %s", (_where, print) => {
    expect(print()).not.toContain("hunter2");
    expect(secret.reveal()).toBe("hunter2");
  });
});

describe("the subject of a person", () => {
  const part = fc.string({ unit: "grapheme-ascii", maxLength: 12 });

  test("differs whenever issuer, subject or tenant differ, however they are cut", () => {
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (a, b) => {
        const same = a.every((x, i) => x === b[i]);
        const [x, y] = [a, b].map(([i, s, t]) => subjectId(i ?? "", s ?? "", (t ?? "") as TenantName));
        return (x === y) === same;
      }),
      { numRuns: 2_000 },
    );
  });

  test("is not made equal by moving characters over the borders", () => {
    const all = "1:a1:b";
    const seen = new Set<string>();
    for (let i = 0; i <= all.length; i++) {
      for (let j = i; j <= all.length; j++) {
        seen.add(subjectId(all.slice(0, i), all.slice(i, j), all.slice(j) as TenantName));
      }
    }
    expect(seen.size).toBe(((all.length + 1) * (all.length + 2)) / 2);
  });

  test("stands in every place a user name may stand", () => {
    expect(subjectId("https://kc.example", "ü;'\"", "a" as TenantName)).toMatch(/^p-[0-9a-f]{40}$/);
  });
});

describe("times", () => {
  test.each([
    ["2026-01-01", "2026-01-01T00:00:00Z"],
    ["2027-01-31T18:00:00+01:00", "2027-01-31T17:00:00Z"],
    ["2028-02-29T23:59:59Z", "2028-02-29T23:59:59Z"],
    ["2026-01-01T00:00:00.999Z", "2026-01-01T00:00:00Z"],
    ["2026-03-01T00:30:00+14:00", "2026-02-28T10:30:00Z"],
  ])("%s is read", (text, said) => expect(isoTime(parseTime(text) ?? instant(0))).toBe(said));

  test.each([
    ["2026-02-30", "a day that is not in the calendar"],
    ["2027-02-29", "no leap year"],
    ["2026-04-31T00:00:00Z", "a day that is not in the calendar"],
    ["2026-13-01", "a month too many"],
    ["2026-01-01T24:00:00Z", "an hour too many"],
    ["2026-01-01T00:00:00", "no zone: whose midnight?"],
    ["2026-01-01T00:00.5Z", "parts of a minute"],
    ["2026-1-1", "no zeros"],
    ["tomorrow", "words"],
    [" 2026-01-01", "a blank"],
    ["2026-01-01\n", "a line break"],
  ])("%s is refused: %s", (text) => expect(parseTime(text)).toBeUndefined());

  test("what is said can be read again", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (n) => parseTime(isoTime(instant(n))) === n));
  });
});

describe("clocks", () => {
  test("a manual one stands still until it is moved", async () => {
    const clock = manualClock(instant(100));
    expect(clock.now()).toBe(100);
    await clock.sleep(1_500);
    expect([clock.now(), clock.millis()]).toEqual([101, 101_500]);
  });

  test("sleeping ends at once when it is called off, before or during", async () => {
    const before = systemClock.millis();
    await systemClock.sleep(60_000, AbortSignal.abort());
    const during = new AbortController();
    const sleeping = systemClock.sleep(60_000, during.signal);
    during.abort();
    await sleeping;
    expect(systemClock.millis() - before).toBeLessThan(1_000);
  });
});

test("what is frozen is frozen to the bottom", () => {
  const frozen = deepFreeze({ a: [{ b: { c: 1 } }] });
  expect(() => Object.assign(frozen.a[0]?.b ?? {}, { c: 2 })).toThrow(TypeError);
});

test("a token is 256 bits, or as many as asked", () => {
  expect(Buffer.from(token(systemRandom), "base64url")).toHaveLength(32);
  expect(Buffer.from(token(systemRandom, 16), "base64url")).toHaveLength(16);
});

test("random bytes come in any length, none is handed out twice, and nobody else's draw changes them", () => {
  const drawn = [1, 12, 4096, 5000, ...Array.from({ length: 2_000 }, () => 32)].map((length) => {
    const bytes = systemRandom.bytes(length);
    return { length, bytes, atOnce: bytes.toString("hex") };
  });
  expect(drawn.map(({ bytes }) => bytes.length)).toEqual(drawn.map(({ length }) => length));
  expect(drawn.map(({ bytes }) => bytes.toString("hex"))).toEqual(drawn.map(({ atOnce }) => atOnce));
  const all = drawn.slice(1).map(({ atOnce }) => atOnce.slice(0, 24));
  expect(new Set(all).size).toBe(all.length);
  expect(all).not.toContain("0".repeat(24));
});

test("a fault names dependency and operation, and never its cause's text", () => {
  const fault = new Fault("redis", "put", { cause: new Error("redis://:hunter2@host refused") });
  expect([fault.message, String(fault), JSON.stringify(fault)].join()).not.toContain("hunter2");
  expect(fault.message).toBe("redis: put failed");
});
