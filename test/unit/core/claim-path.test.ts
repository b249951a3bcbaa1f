import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { claimAt, claimPath, outerClaim, writtenClaim } from "../../../src/core/index.ts";

// That a real Keycloak reads them so is tested in test/contract/claim-names.test.ts.

describe("the setting that names a claim", () => {
  test.each<[string, readonly string[]]>([
    ["groups", ["groups"]],
    ["a.b.c", ["a", "b", "c"]],
    ["https://acme.example/roles", ["https://acme", "example/roles"]],
    ["https://acme\\.example/roles", ["https://acme.example/roles"]],
    ["a\\\\.b", ["a\\", "b"]],
    ["a\\b", ["ab"]],
    ["a\\", ["a\\"]],
    [".a", [".a"]],
    ["a..b", ["a", ".b"]],
    ["a.", ["a"]],
    ["größe.名前", ["größe", "名前"]],
    ["", []],
  ])("%s", (written, parts) => {
    expect(claimPath(written)).toEqual(parts);
  });

  test("any name can be written, and is then read as one", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/[\n\r\u2028\u2029]/.test(text));
    fc.assert(
      fc.property(name, (text) => {
        expect(claimPath(writtenClaim(text))).toEqual([text]);
      }),
    );
  });

  test("nothing is found that nobody said", () => {
    for (const from of ["constructor", "__proto__.constructor", "toString", "a.toString", "b[0].length"])
      expect(claimAt(from, { idToken: { a: {} }, userinfo: { a: {}, b: [] } })).toBeUndefined();
  });

  test("the outer claim is the one that a provider names as left out", () => {
    expect([outerClaim("app.roles"), outerClaim("teams[0].name"), outerClaim("a\\.b")]).toEqual([
      "app",
      "teams",
      "a.b",
    ]);
  });
});
