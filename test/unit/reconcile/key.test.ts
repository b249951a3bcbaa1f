import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatKey, type Key, type KeyShape, parseKey } from "../../../src/reconcile/index.ts";

/** Names of all kinds, and many of those that a text could take for something else. */
const name = fc.oneof(
  fc.string({
    minLength: 0,
    maxLength: 6,
    unit: fc.constantFrom("a", "b", " ", "/", '"', "\\", "~", "realm ", "é", "\u00a0", "\u{1f511}"),
  }),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("realm", "on", "to", "project", "a", "a b", '"a"', "/", ""),
);
const path = fc.array(name, { minLength: 1, maxLength: 4 });
const shapes: readonly KeyShape[] = [
  ["name"],
  ["path"],
  ["rooted"],
  ["name", "name"],
  ["name", "name", "name"],
  ["name", "path"],
  ["path", "name"],
  ["name", "rooted", "path"],
];
const keyOf = (shape: KeyShape): fc.Arbitrary<readonly Key[]> =>
  fc.tuple(
    ...shape.map((form) => {
      if (form === "name") return name;
      return path.map((names) => ({ path: names, ...(form === "rooted" && { rooted: true as const }) }));
    }),
  );
const keysOf = fc.constantFrom(...shapes).chain((shape) => fc.tuple(fc.constant(shape), keyOf(shape), keyOf(shape)));

describe("the text of a key", () => {
  it("is read back as the key that it was made of, whatever its names are", () =>
    fc.assert(
      fc.property(keysOf, ([shape, key]) => {
        expect(parseKey(formatKey(key as Key), shape)).toEqual(key);
      }),
      { numRuns: 2000 },
    ));

  it("is another one for another key of the kind", () =>
    fc.assert(
      fc.property(keysOf, ([, one, other]) => {
        const alike = JSON.stringify(one) === JSON.stringify(other);
        expect(formatKey(one as Key) === formatKey(other as Key)).toBe(alike);
      }),
      { numRuns: 2000 },
    ));

  it("is that of release 0.1.0 where that could be read one way only", () => {
    const key: Key = ["customer-a-idp", "cloudpass groups"];
    expect(formatKey(key)).toBe("customer-a-idp cloudpass groups");
    expect(formatKey({ path: ["customers", "acme inc"], rooted: true })).toBe("/customers/acme inc");
    expect(formatKey("my app")).toBe("my app");
    expect(formatKey(["member", "to", { path: ["a", "cp.a.dev"] }, "on", "project", { path: ["a", "dev"] }])).toBe(
      "member to a/cp.a.dev on project a/dev",
    );
  });

  it("puts a name in quotes where it would be read as something else", () => {
    expect(formatKey(["my app", "x"])).toBe('"my app" x');
    expect(formatKey(["a", "b c"])).not.toBe(formatKey(["a b", "c"]));
    expect(formatKey([{ quoted: "realm" }, "x"])).toBe('"realm" x');
    expect(formatKey({ path: ["a/b", "c"], rooted: true })).toBe('/"a/b"/c');
  });

  it.each(["", '"a', '"a"b c', '"\\x" c', "a"])("%s is no text of two names", (text) => {
    expect(parseKey(text, ["name", "name"])).toBeUndefined();
  });
});
