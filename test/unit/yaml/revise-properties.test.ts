import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProblem, parseYaml, reviseYaml } from "../../../src/yaml/index.ts";
import { randomStyle, writeRandomly } from "./random-style.ts";

const word = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "c",
    "d e",
    "null",
    "yes",
    "1",
    "2027-01-31",
    "x: y",
    "# z",
    "ü",
    "",
    " ",
    "[",
    "a, b",
    "- q",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom(
    "two\nlines",
    "# like\na: comment\n",
    "tab\there",
    "\r",
    "\u2028",
    "'",
    '"',
    "a\\b",
    "%",
    "@",
    "&x",
    "*x",
    "!t",
    "|",
    ">",
    "---",
  ),
);
const key = fc.constantFrom("a", "b", "c", "d", "x y", "1", "ü", "a: b", "#", "-", "?", "{");
const { value } = fc.letrec<{ value: unknown; map: object; list: unknown[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, word, fc.integer(), fc.boolean(), fc.constant(null), tie("map"), tie("list")),
  map: fc.dictionary(key, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  list: fc.array(fc.oneof(tie("value"), fc.record({ id: fc.constantFrom("p", "q", "r"), v: tie("value") })), {
    maxLength: 4,
  }),
}));
const root = fc
  .dictionary(key, value, { maxKeys: 4, noNullPrototype: true })
  .map((members): Record<string, unknown> => ({ kind: "Test", ...members }));
const nameOf = (item: unknown) =>
  typeof item === "object" && item !== null && "id" in item ? String(item.id) : undefined;

const valueIn = (text: string): unknown => {
  const read = parseYaml(text, "f.yaml");
  if (!read.ok) throw new Error(`${read.refusal.map(formatProblem).join("\n")}\n${text}`);
  return read.value[0]?.value;
};
const revised = (text: string, wanted: unknown) => {
  let done: ReturnType<typeof reviseYaml>;
  try {
    done = reviseYaml({ file: "f.yaml", text }, 0, wanted, { nameOf });
  } catch (thrown) {
    throw new Error(`${String(thrown)} of:\n${text}\n${JSON.stringify(wanted)}`);
  }
  if (!done.ok)
    throw new Error(
      `${done.refusal.map(formatProblem).join("\n")} of ${JSON.stringify(text)} ${JSON.stringify(wanted)}`,
    );
  return done.value.text;
};

describe("a revised text, whatever it was and is to be", () => {
  it("is what it was when nothing changes", () => {
    fc.assert(
      fc.property(root, randomStyle, (before, how) => {
        const text = writeRandomly(before, how);
        expect(valueIn(text)).toEqual(before);
        expect(revised(text, before)).toBe(text);
      }),
    );
  });

  it("says what was asked for", () => {
    fc.assert(
      fc.property(root, root, randomStyle, (before, after, how) => {
        expect(valueIn(revised(writeRandomly(before, how), after))).toEqual(after);
      }),
      { numRuns: 400 },
    );
  });
});
