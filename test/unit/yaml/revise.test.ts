import { describe, expect, it } from "vitest";
import { Bug } from "../../../src/core/index.ts";
import { reviseYaml } from "../../../src/yaml/index.ts";

const nameOf = (item: unknown) =>
  typeof item === "object" && item !== null && "id" in item ? String(item.id) : undefined;

/** The text after its one document has another value. */
function revised(text: string, value: unknown, index = 0): string {
  const done = reviseYaml({ file: "f.yaml", text }, index, value, { nameOf });
  if (!done.ok) throw new Error(JSON.stringify(done.refusal));
  return done.value.text;
}

const file = `# ours
items:   # all of them

  # the first
  # of all
  - id: a   # a
    at: [x, "y"]   # places
    # inside a

  # not of b

  # the second
  - { id: b,  at: ['x' , y,] }  # b
  # behind

# end
last:   "1"
`;
const a = { id: "a", at: ["x", "y"] };
const b = { id: "b", at: ["x", "y"] };
const c = { id: "c", at: ["z"] };
const last = "1";

describe("a revised text", () => {
  const rows: [what: string, wanted: unknown, from: string, to: string][] = [
    ["another scalar, in its quotes", { items: [a, b], last: "2" }, 'last:   "1"', 'last:   "2"'],
    ["another kind of scalar", { items: [a, b], last: null }, '"1"', "null"],
    [
      "an item behind the last one of brackets",
      { items: [{ id: "a", at: ["x", "y", "z"] }, b], last },
      '"y"]',
      '"y", z]',
    ],
    ["one in a middle", { items: [{ id: "a", at: ["x", "w", "y"] }, b], last }, "[x, ", "[x, w, "],
    ["one before a comma at the end", { items: [a, { id: "b", at: ["x", "y", "z"] }], last }, "y,]", "y, z,]"],
    ["the first goes", { items: [{ id: "a", at: ["y"] }, b], last }, "[x, ", "["],
    ["the last goes", { items: [{ id: "a", at: ["x"] }, b], last }, ', "y"]', "]"],
    ["all go", { items: [{ id: "a", at: [] }, b], last }, '[x, "y"]', "[]"],
    [
      "a pair comes, with lines of their own",
      { items: [{ ...a, by: "me" }, b], last },
      "# places\n",
      "# places\n    by: me\n",
    ],
    ["a pair comes within braces", { items: [a, { ...b, by: "me" }], last }, "y,] }", "y,], by: me }"],
    ["a pair goes with its line", { items: [{ id: "a" }, b], last }, '    at: [x, "y"]   # places\n', ""],
    ["a pair of braces goes", { items: [a, { id: "b" }], last }, "{ id: b,  at: ['x' , y,] }", "{ id: b }"],
    [
      "one entry goes, and comments that stand apart stay",
      { items: [a], last },
      file.slice(file.indexOf("  # the second"), file.indexOf("  # behind")),
      "",
    ],
    ["an entry comes, as its neighbour is", { items: [a, b, c], last }, "# b\n", "# b\n\n  - { id: c, at: [z] }\n"],
    [
      "a member of the document comes",
      { items: [a, b], last, more: [c] },
      'last:   "1"\n',
      'last:   "1"\n\nmore:\n  - { id: c, at: [z] }\n',
    ],
    [
      "another whole value",
      { items: "none", last },
      file.slice(file.indexOf("   # all"), file.indexOf("  # behind")),
      " none  # b\n",
    ],
  ];
  it.each(rows)("changes nothing else: %s", (_what, wanted, from, to) => {
    expect(revised(file, wanted)).toBe(file.replace(from, to));
  });
  it.each(rows)("keeps line ends, and a last line without one: %s", (_what, wanted, from, to) => {
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    const ended = crlf(file.replace(from, to));
    expect(revised(crlf(file), wanted)).toBe(ended);
    expect(revised(crlf(file).slice(0, -2), wanted)).toBe(ended.slice(0, -2));
    expect(revised(`\ufeff${crlf(file)}`, wanted)).toBe(`\ufeff${ended}`);
  });

  const lines = (...all: string[]) => all.map((line) => `${line}\n`).join("");
  it.each([
    [
      "the last of a list",
      lines("k:  # why", "  # of a", "  - id: a", "", "  # apart", "", "z: 1"),
      { k: [], z: 1 },
      lines("k: []  # why", "", "  # apart", "", "z: 1"),
    ],
    [
      "all, and not what separates them from the next",
      lines("k:", "  - a", "", "  - b", "", "z: 1"),
      { k: [], z: 1 },
      lines("k: []", "", "z: 1"),
    ],
    ["all at the end of a file", "k: # why\n\n  - a\n\n  - b", { k: [] }, "k: [] # why"],
    [
      "the first ones, with the lines behind",
      lines("k:", "  - a", "", "  - b", "", "  - c"),
      { k: ["c"] },
      lines("k:", "  - c"),
    ],
    ["the last of a map", lines("k:", "  a: 1", "z: 1"), { k: {}, z: 1 }, lines("k: {}", "z: 1")],
    ["the only line of the file", "k:\n  - a", { k: [] }, "k: []"],
    [
      "the last one of all, with the empty lines above",
      lines("k:", "  - a", "", "  - b"),
      { k: ["a"] },
      lines("k:", "  - a"),
    ],
    [
      "of empty lines on both sides those behind",
      lines("k:", "- a", "", "", "- b", "", "- c"),
      { k: ["a", "c"] },
      lines("k:", "- a", "", "", "- c"),
    ],
    [
      "comments further left, directly above",
      lines("k:", "  - a", "# of b", "  - b", "# of z", "z: 1"),
      { k: ["a"], z: 1 },
      lines("k:", "  - a", "# of z", "z: 1"),
    ],
    [
      "not what only looks like a comment",
      lines("k:", "  a: |", "    text", "    # text", "  b: 1"),
      { k: { a: "text\n# text\n" } },
      lines("k:", "  a: |", "    text", "    # text"),
    ],
    [
      "an item of several lines in brackets",
      lines("k: [", "  a, # of a", "  # of b", "  b # too", "]"),
      { k: ["a"] },
      lines("k: [", "  a # of a", "]"),
    ],
    [
      "a comment between two on one line stays",
      lines("k: [a, # of a", "  b]"),
      { k: ["a"] },
      lines("k: [a # of a", "  ]"),
    ],
  ])("takes away %s", (_what, from, wanted, to) => {
    expect(revised(from, wanted)).toBe(to);
  });

  const grant = { id: "g", at: ["x"] };
  it.each([
    [
      "nothing behind the colon",
      lines("k:  # none yet", "z: 1"),
      { k: [grant], z: 1 },
      lines("k:  # none yet", "  - { id: g, at: [x] }", "z: 1"),
    ],
    ["null", lines("k: ~ # none", "z: 1"), { k: [grant], z: 1 }, lines("k: # none", "  - { id: g, at: [x] }", "z: 1")],
    ["empty brackets", "k: []", { k: [grant] }, "k:\n  - { id: g, at: [x] }"],
    [
      "items in lines, dashes under the key",
      lines("k:", "-   id: a", "    at:", "    - x"),
      { k: [{ id: "a", at: ["x"] }, grant] },
      lines("k:", "-   id: a", "    at:", "    - x", "-   id: g", "    at:", "    - x"),
    ],
    [
      "a map, four to the right",
      lines("k:", "    a:", "        x: [ 1 ]"),
      { k: { a: { x: [1] }, b: { x: [2, 3] } } },
      lines("k:", "    a:", "        x: [ 1 ]", "    b:", "        x: [ 2, 3 ]"),
    ],
    [
      "empty brackets with a comment",
      lines("k: [", "  # none", "]"),
      { k: [1, 2] },
      lines("k: [", "  # none", "  1,", "  2", "]"),
    ],
    ["empty braces with one", lines("k: { # none", "  }"), { k: { a: 1 } }, lines("k: { # none", "    a: 1", "  }")],
    [
      "a document in braces",
      "{k: [{id: a}], z: 1}\n",
      { k: [{ id: "a" }, grant], z: 1, y: [] },
      "{k: [{id: a}, {id: g, at: [x]}], z: 1, y: []}\n",
    ],
    [
      "brackets over several lines",
      lines("k: [", "  a, # of a", "  b # of b", "]"),
      { k: ["a", "b", "c"] },
      lines("k: [", "  a, # of a", "  b, # of b", "  c", "]"),
    ],
    ["such with a comma at the end", lines("k: [", "  a,", "]"), { k: ["a", "c"] }, lines("k: [", "  a,", "  c,", "]")],
    [
      "before the first of a list",
      lines("k:", "  # of b", "  - b"),
      { k: ["a", "b"] },
      lines("k:", "  - a", "  # of b", "  - b"),
    ],
    [
      "a text that would be something else",
      lines("k: [a]"),
      { k: ["a", "yes", "1", "null", "a, b", "x: y", "two\nlines", "\u202e"] },
      'k: [a, yes, "1", "null", "a, b", "x: y", "two\\nlines", "\\u202e"]\n',
    ],
  ])("adds to %s", (_what, from, wanted, to) => {
    expect(revised(from, wanted)).toBe(to);
  });

  it("changes one of several documents", () => {
    const text = "# one\n---\nk: [a]\n---\nk:\n  - a\n...\n---\n{k: [a]}";
    expect(revised(text, { k: ["a", "b"] }, 1)).toBe(text.replace("  - a\n", "  - a\n  - b\n"));
    expect(revised(text, { k: ["b"] }, 0)).toBe(text.replace("[a]", "[b]"));
    expect(revised(text, { k: [] }, 2)).toBe(text.replace("{k: [a]}", "{k: []}"));
  });

  it("writes long entries over several lines", () => {
    const long = { id: "g", at: Array.from({ length: 12 }, (_, i) => `target-${i}`), by: "me" };
    const at = `[${long.at.join(", ")}]`;
    expect(revised("k:\n", { k: [long] })).toBe(
      `k:\n  - id: g\n    at:\n${long.at.map((t) => `      - ${t}\n`).join("")}    by: me\n`,
    );
    expect(revised("k:\n  - { id: a }\n", { k: [{ id: "a" }, long] })).toBe(
      `k:\n  - { id: a }\n  - { id: g, at: ${at}, by: me }\n`,
    );
  });

  it("never says something else than what was asked for", () => {
    expect(() => reviseYaml({ file: "f.yaml", text: "k: 1\n" }, 0, { k: 1, z: undefined })).toThrow(Bug);
    expect(() => reviseYaml({ file: "f.yaml", text: "5\n" }, 0, { k: 1 })).toThrow(Bug);
  });

  it("refuses what no file may hold", () => {
    const nested = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), 1);
    expect(reviseYaml({ file: "f.yaml", text: "k: 1\n" }, 0, { k: nested })).toMatchObject({
      ok: false,
      refusal: [{ message: "nested deeper than 20 levels" }],
    });
  });
});
