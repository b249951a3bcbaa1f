import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeSeal, Secret, sameText, systemRandom } from "../../../src/core/index.ts";

const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
const text = fc.string({ unit: "binary" }).filter((t) => t.isWellFormed());

describe("the seal", () => {
  test("opens what it closed, for the same purpose and no other", () => {
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (plain, purpose, other) => {
        const closed = seal.encrypt(purpose, plain);
        expect(seal.decrypt(purpose, closed)).toBe(plain);
        if (other !== purpose) expect(seal.decrypt(other, closed)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("finds every changed bit, every cut and every lengthening", () => {
    const closed = Buffer.from(seal.encrypt("p", "the refresh token"), "base64url");
    for (let bit = 0; bit < closed.length * 8; bit++) {
      const changed = Buffer.from(closed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(seal.decrypt("p", changed.toString("base64url"))).toBeUndefined();
    }
    for (let end = 0; end < closed.length; end++) {
      expect(seal.decrypt("p", closed.subarray(0, end).toString("base64url"))).toBeUndefined();
    }
    expect(seal.decrypt("p", Buffer.concat([closed, Buffer.from("x")]).toString("base64url"))).toBeUndefined();
    expect(seal.decrypt("p", "not base64url at all !!")).toBeUndefined();
  });

  test("never closes one text the same way twice", () => {
    expect(new Set(Array.from({ length: 100 }, () => seal.encrypt("p", "same"))).size).toBe(100);
  });

  test("hashes apart by purpose, and apart from another master key", () => {
    const other = makeSeal(new Secret("n".repeat(48)), systemRandom);
    const hashes = [seal.hash("a", "x"), seal.hash("b", "x"), seal.hash("a", "y"), other.hash("a", "x")];
    expect(new Set(hashes).size).toBe(4);
    expect(other.decrypt("p", seal.encrypt("p", "x"))).toBeUndefined();
    expect(Buffer.from(seal.hash("a", "x"), "base64url")).toHaveLength(32);
  });

  test("a hash never doubles as a key: the purpose of a seal is no purpose of a hash", () => {
    expect(seal.hash("x", "t")).not.toBe(seal.hash("hash x", "t"));
    expect(seal.matches("form", "text", seal.hash("form", "text"))).toBe(true);
    expect(seal.matches("form", "text", seal.hash("form ", "text"))).toBe(false);
    expect(seal.matches("form", "text", "")).toBe(false);
  });
});

test("texts are the same only when every byte is", () => {
  fc.assert(fc.property(text, text, (a, b) => sameText(a, b) === (a === b) && sameText(a, a)));
});
