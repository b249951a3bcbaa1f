import fc from "fast-check";
import { expect, test } from "vitest";
import { comparedAs } from "../../../src/provisioning/index.ts";

// Look-up, tag and key compare a user name by this one function.

test.each([
  ["Anna@Example", "anna@example"],
  ["Özil@x", "özil@x"],
  ["O\u0308zil@x", "özil@x"],
  ["ЖАННА", "жанна"],
  ["ΝΊΚΟΣ@x", "νίκος@x"],
])("the user names %s and %s are one", (one, other) => {
  expect(comparedAs("userName", one)).toBe(comparedAs("userName", other));
});

test.each([
  ["\u212aate", "kate"],
  ["\u0130da", "ida"],
  ["strasse", "straße"],
])("the user names %s and %s are two", (one, other) => {
  expect(comparedAs("userName", one)).not.toBe(comparedAs("userName", other));
});

test("an id is compared to the letter", () => {
  expect(comparedAs("externalId", "Ö")).not.toBe(comparedAs("externalId", "ö"));
});

test("what was compared once is the same when it is compared again", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0x20, max: 0x2fff }), { maxLength: 6 }), (codes) => {
      const text = String.fromCodePoint(...codes);
      const compared = comparedAs("userName", text);
      expect(comparedAs("userName", compared)).toBe(compared);
    }),
  );
});
