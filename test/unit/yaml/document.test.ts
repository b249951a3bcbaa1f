import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  checkShape,
  formatPath,
  formatProblem,
  nearest,
  type Problem,
  parseYaml,
  suggest,
} from "../../../src/yaml/index.ts";

const problemsOf = (text: string): Problem[] => {
  const parsed = parseYaml(text, "f.yaml");
  if (parsed.ok) throw new Error("accepted");
  return parsed.refusal;
};

const schema = z.strictObject({
  name: z.string(),
  kind: z.enum(["cloud", "cluster"]).optional(),
  store: z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("memory") })]).optional(),
  secret: z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]).optional(),
  tenants: z
    .record(z.string().regex(/^[a-z]+$/, "lower case only"), z.strictObject({ domains: z.array(z.string()) }))
    .optional(),
});

function shapeProblems(text: string): string[] {
  const parsed = parseYaml(text, "f.yaml");
  const document = parsed.ok ? parsed.value[0] : undefined;
  if (!document) throw new Error("no document");
  const shape = checkShape(document, schema);
  return shape.ok
    ? []
    : shape.refusal.map((p) => `${p.line}:${p.column} ${p.path}: ${p.message}${p.fix ? ` (${p.fix})` : ""}`);
}

describe("a value stands on lines", () => {
  const text = `# ours
a: {x: 1,
  y: 2} # behind
list:
  # above
  - id: one
    text: |
      two

      lines

  - three
  -
none:
`;
  test.each([
    [["a"], 2, 3],
    [["a", "y"], 3, 3],
    [["list"], 4, 13],
    [["list", 0], 6, 10],
    [["list", 1], 12, 12],
    [["none"], 14, 14],
    [[], 2, 14],
    [["list", 0, "away"], 6, 6],
  ])("%j: from %i to %i", (path, first, last) => {
    const parsed = parseYaml(text, "f.yaml");
    expect(parsed.ok && parsed.value[0]?.lines(path)).toEqual({ first, last });
    const windows = parseYaml(text.replaceAll("\n", "\r\n"), "f.yaml");
    expect(windows.ok && windows.value[0]?.lines(path)).toEqual({ first, last });
  });
});

describe("a problem says where, what was expected and the nearest name", () => {
  test.each([
    ["name: a\nknid: cloud", ['2:1 knid: unknown key "knid" (did you mean "kind"?)']],
    ["name: a\nkind: clowd", ['2:7 kind: "clowd" is not one of cloud, cluster (did you mean "cloud"?)']],
    ["name: 5", ["1:7 name: string expected, found number"]],
    ["name: null", ["1:7 name: string expected, found nothing"]],
    ["kind: cloud", ['1:1 name: missing: string expected (add "name")']],
    ["name: a\nsecret: hunter2", ["2:9 secret: object expected, found string"]],
    ["name: a\nsecret: {evn: X}", ['2:10 secret.evn: unknown key "evn" (did you mean "env"?)']],
    ["name: a\nstore: {kind: memry}", ['2:15 store.kind: "memry" is not one of memory (did you mean "memory"?)']],
    ["name: a\ntenants:\n  A: {domains: []}", ['3:3 tenants.A: "A": lower case only']],
    ["name: a\ntenants:\n  a:\n    domains: [x, 7]", ["4:18 tenants.a.domains[1]: string expected, found number"]],
    ["[]", ["1:1 : object expected, found a list"]],
  ])("%j", (text, said) => {
    const found = shapeProblems(text);
    expect(found).toHaveLength(said.length);
    for (const [i, line] of said.entries()) expect(found[i]).toContain(line);
  });

  test("all of them at once, one for each cause", () => {
    expect(shapeProblems("name: 5\nkind: clowd\nfoo: 1\ntenants: {a: {domains: x}}")).toHaveLength(4);
  });

  test("and a terminal sees the line with a caret below the place", () => {
    const [problem] = problemsOf("a: 1\nb: *x\n");
    expect(problem && formatProblem(problem)).toBe(
      "f.yaml:2:4: aliases (*name) are not allowed\n    b: *x\n       ^\n    fix: write the value out",
    );
  });
});

describe("places", () => {
  test("are of the value, of its key, or of the nearest parent that exists", () => {
    const parsed = parseYaml("a:\n  b:\n    - x\n    - {c: d}\n", "f");
    const document = parsed.ok ? parsed.value[0] : undefined;
    expect(document?.at(["a", "b", 1, "c"])).toEqual({ line: 4, column: 11 });
    expect(document?.at(["a", "b"], true)).toEqual({ line: 2, column: 3 });
    expect(document?.at(["a", "nowhere", "deep"])).toEqual({ line: 2, column: 3 });
    expect(formatPath(["a", "b", 1, "c"])).toBe("a.b[1].c");
  });

  test("count from the file's start in every document of it", () => {
    const parsed = parseYaml("a: 1\n---\nb: 2\n", "f");
    expect(parsed.ok && parsed.value[1]?.at(["b"])).toEqual({ line: 3, column: 4 });
  });
});

test("what is not YAML is a problem with a place, never an exception", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."ab:-?[]{},&*!|>'\"%#\n \t0\\") as fc.Arbitrary<string>, maxLength: 60 }),
      (text) => {
        const parsed = parseYaml(text, "f");
        if (parsed.ok) return;
        for (const p of parsed.refusal) {
          expect(p.line).toBeGreaterThan(0);
          expect(p.column).toBeGreaterThan(0);
        }
      },
    ),
    { numRuns: 3_000 },
  );
});

test("values of JSON come through unchanged", () => {
  const keys = fc.string({ unit: fc.constantFrom(..."abcdef"), minLength: 1 }) as fc.Arbitrary<string>;
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie("list"),
      tie("map"),
    ),
    list: fc.array(tie("any"), { maxLength: 4 }),
    map: fc.dictionary(keys, tie("any"), { maxKeys: 4, noNullPrototype: true }),
  })).map;
  fc.assert(
    fc.property(value, (v) => {
      const parsed = parseYaml(JSON.stringify(v), "f");
      expect(parsed.ok && parsed.value[0]?.value).toEqual(v);
    }),
    { numRuns: 300 },
  );
});

describe("nearest names", () => {
  test.each([
    ["custmer-a", ["customer-a", "customer-b"], "customer-a"],
    ["GX1", ["gx1", "prod1"], "gx1"],
    ["zzz", ["gx1", "prod1"], undefined],
    ["", ["gx1"], undefined],
  ])("%s of %j is %s", (word, known, found) => expect(nearest(word, known)).toBe(found));

  test("or a short list of what there is", () => {
    expect(suggest("zzzzz", ["gx1"])).toBe("known: gx1");
    expect(suggest("zzzzz", [])).toBe("there is none");
    const many = Array.from({ length: 40 }, (_, i) => `target-${i}`);
    expect(suggest("zzzzz", many)).toMatch(/target-11, …$/);
  });
});
