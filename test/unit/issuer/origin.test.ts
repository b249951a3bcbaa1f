import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/core/index.ts";
import { createNetworks } from "../../../src/http/index.ts";
import { headOf, isTail, makeUserCode, readTail } from "../../../src/issuer/device/user-code.ts";

const { near: sameNetwork } = createNetworks();

describe("S-07: two addresses are of one network", () => {
  test.each<[string, string, boolean]>([
    ["198.51.100.1", "198.51.100.1", true],
    ["198.51.100.1", "198.51.100.254", true],
    ["198.51.100.1", "198.51.101.1", false],
    ["198.51.100.1", "203.0.113.1", false],
    ["::ffff:198.51.100.7", "198.51.100.9", true],
    ["::ffff:c633:6407", "198.51.100.9", true],
    ["0:0:0:0:0:FFFF:198.51.100.7", "198.51.100.9", true],
    ["::ffff:203.0.113.7", "198.51.100.9", false],
    ["2001:db8:1:2::3", "2001:DB8:1:ffff:1:2:3:4", true],
    ["2001:db8:1::", "2001:db8:2::", false],
    ["2001:db8::1", "2001:db8:0:ffff::1", true],
    ["fe80::1%eth0", "fe80::2%eth1", true],
    ["10.0.0.1", "10.0.0.2", true],
    ["10.0.0.1", "10.0.1.2", false],
    ["127.0.0.1", "127.0.0.1", true],
    ["::1", "::1", true],
    ["127.0.0.1", "::1", false],
    ["127.0.0.1", "198.51.100.1", false],
    ["::198.51.100.7", "198.51.100.7", false],
    ["", "", false],
    ["unknown", "unknown", false],
    ["198.51.100", "198.51.100.1", false],
    ["198.51.100.1, 203.0.113.1", "198.51.100.1", false],
  ])("%s and %s: %s", (one, other, same) => {
    expect([sameNetwork(one, other), sameNetwork(other, one)]).toEqual([same, same]);
  });

  test("whenever their first 24 or 48 bits are the same, and only then", () => {
    const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(v4, v4, (a, b) => {
        expect(sameNetwork(a.join("."), b.join("."))).toBe(a.slice(0, 3).join() === b.slice(0, 3).join());
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.array(fc.nat(0xffff), { minLength: 5, maxLength: 5 }), (address, rest) => {
        const groups = expanded(address);
        const sibling = [...groups.slice(0, 3), ...rest].map((g) => g.toString(16)).join(":");
        const mapped = (g: readonly number[]) => g.slice(0, 5).every((x) => x === 0) && g[5] === 0xffff;
        if (mapped(groups) || mapped([...groups.slice(0, 3), ...rest])) return;
        expect(sameNetwork(address, sibling)).toBe(true);
        const other = [(groups[0] ?? 0) ^ 1, ...groups.slice(1)].map((g) => g.toString(16)).join(":");
        expect(sameNetwork(address, other)).toBe(false);
      }),
    );
  });
});

/** The groups of an IPv6 address, read another way than the code does. */
function expanded(address: string): number[] {
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((n) => n.toString(16)).join(":"),
  );
  const groups = (part: string) => (part === "" ? [] : part.split(":").map((g) => Number.parseInt(g, 16)));
  const at = text.indexOf("::");
  if (at < 0) return groups(text);
  const [left, right] = [groups(text.slice(0, at)), groups(text.slice(at + 2))];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

describe("S-07: the end of a code", () => {
  test.each<[string, boolean]>([
    ["ghjk", true],
    ["GHJK", true],
    [" g h-j k ", true],
    ["6HJK", true],
    ["LMNP-BCDF-GHJK", true],
    ["lmnpbcdfghjk", true],
    ["BCDF", false],
    ["BCDF-GHJK", false],
    ["GHJ", false],
    ["GHJKL", false],
    ["LMNP-XXXX-GHJK", false],
    ["GHJKGHJK", false],
    ["", false],
    ["····", false],
    ["A".repeat(100), false],
  ])("typed as %s: %s", (typed, right) => expect(isTail(readTail(typed) ?? "", "LMNP-BCDF-GHJK")).toBe(right));

  test("is not in what may be shown of it", () => {
    for (let i = 0; i < 50; i++) {
      const code = makeUserCode(systemRandom);
      expect(code.startsWith(headOf(code)) && headOf(code).length === 10 && headOf(code).endsWith("-")).toBe(true);
    }
  });
});
