import { fork } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

// S-78: one line of a policy that is harmless to read and ends the process, or keeps it busy, when somebody logs in. What it
// may cost is bounded by its form. Judged in a process of its own with a heap of 64 MB, for a person with 10,000 groups.

interface Judged {
  readonly i: number;
  readonly accepted: boolean;
  readonly message: string;
  /** Processor time of reading and judging once. */
  readonly ms: number;
}

const script = new URL("s78-judge-expressions.ts", import.meta.url);

function judge(expressions: readonly string[]): Promise<Judged[]> {
  return new Promise((resolve) => {
    const child = fork(script, { execArgv: ["--max-old-space-size=64"], stdio: "ignore", timeout: 60_000 });
    const judged: Judged[] = [];
    child.on("message", (one: Judged) => judged.push(one));
    child.on("exit", () => resolve(judged));
    child.send(expressions);
  });
}

/** How long one expression may take here; the machine is busy with other tests. */
const mostMs = 1500;

describe("S-78: one line of CEL", () => {
  const larger = (times: number) =>
    `[claims.dep]${".map(x, (x + x) + (x + x))".repeat(times)}.exists(x, x.contains("z"))`;
  const attacks: [string, string, RegExp][] = [
    ["a text that grows fourfold each time", larger(8), /"\+" stands inside a walk/],
    ["a list that doubles", `[claims.groups]${".map(x, [x, x])".repeat(8)}.size() > 1`, /is made inside a walk/],
    ["in, which is a walk", "claims.groups.all(g, g in claims.groups)", /"in" walks through a list inside a walk/],
    ["lists compared for each element", "claims.groups.all(g, claims.groups == claims.groups)", /is read as a whole/],
    ["a long text for each element", "claims.groups.all(g, claims.dep.contains(g))", /is read as a whole/],
    ["a pattern on it for each element", 'claims.groups.all(g, re2(claims.dep, "b+c"))', /is read as a whole/],
    ["its size for each element", "claims.groups.all(g, size(claims.dep) > 1)", /is read as a whole/],
    ["a walk for each element", "claims.groups.all(g, claims.groups.exists(h, g == h))", /inside another walk/],
    ["a filter, too", 'claims.groups.filter(g, g in claims.groups + ["x"]).size() > 1', /"in" walks through a list/],
    ["a list of lists", "claims.groups.map(g, claims.groups) == claims.groups.map(g, claims.groups)", /as a whole/],
    [
      "a pattern of many steps",
      're2(claims.dep, "(?:(?:[ab]?){31}){32}[cd]")',
      /patterns have \d+ steps, more than 500/,
    ],
    [
      "many patterns",
      Array.from({ length: 6 }, (_, i) => `re2(claims.dep, "(?:[ab]?){90}[c${i}]")`).join(" || "),
      /patterns have \d+ steps, more than 500/,
    ],
  ];

  test("is refused with a remedy where it could grow, and ends nothing", { timeout: 90_000 }, async () => {
    const judged = await judge(attacks.map(([, cel]) => cel));
    for (const [i, [name, , pattern]] of attacks.entries()) {
      expect([name, judged[i]?.accepted]).toEqual([name, false]);
      expect(judged[i]?.message).toMatch(pattern);
    }
    expect(Math.max(...judged.map((one) => one.ms))).toBeLessThan(mostMs);
  });

  test("is judged where it cannot", { timeout: 90_000 }, async () => {
    const good = [
      'claims.groups.exists(g, g in ["group-9999", "x"])',
      "claims.groups.exists(g, g == claims.dep || g.startsWith(claims.dep))",
      'claims.groups.filter(g, g.endsWith("9")).map(g, g.lowerAscii()).size() > 10',
      '(claims.dep + "x").endsWith("bx") && "group-1" in claims.groups',
      'claims.groups.exists_one(g, re2(g, "^group-[0-9]{4}$"))',
      'claims.groups == claims.groups && claims.dep.contains("ba")',
    ];
    const judged = await judge(good);
    expect(judged.map((one) => [one.accepted, one.message, one.ms < mostMs])).toEqual(good.map(() => [true, "", true]));
  });

  test("whatever it is, ends no process and keeps none busy", { timeout: 180_000 }, async () => {
    const lines = fc.sample(fc.oneof(expression, chain), { numRuns: 1500, seed: 78 });
    const judged = await judge(lines);
    expect(lines[judged.length], "the expression that ended it").toBeUndefined();
    const slow = judged.filter((one) => one.ms > mostMs).map((one) => `${one.ms} ms: ${lines[one.i]}`);
    expect(slow).toEqual([]);
    // Otherwise only the parser was tried.
    expect(judged.filter((one) => one.accepted).length).toBeGreaterThan(100);
  });
});

/** Expressions of every operator and function, of true or false, about the claims and about what a walk names. */
const { expression } = fc.letrec<{ text: string; list: string; expression: string }>((tie) => ({
  text: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("x", "x", "claims.dep", '"a"', '"group-1"'),
    fc.tuple(tie("text"), tie("text")).map(([a, b]) => `(${a} + ${b})`),
    tie("text").map((a) => `${a}.lowerAscii()`),
  ),
  list: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("claims.groups", '["a", "group-7"]', "[claims.dep]", "[x]"),
    fc.tuple(tie("list"), tie("list")).map(([a, b]) => `(${a} + ${b})`),
    fc.tuple(tie("list"), tie("text")).map(([a, b]) => `${a}.map(x, ${b})`),
    fc.tuple(tie("list"), tie("expression")).map(([a, b]) => `${a}.filter(x, ${b})`),
  ),
  expression: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom("true", "claims.staff", "has(claims.dep)"),
    fc.tuple(tie("text"), fc.constantFrom("==", "!="), tie("text")).map((p) => p.join(" ")),
    fc.tuple(tie("list"), tie("list")).map(([a, b]) => `${a} == ${b}`),
    fc.tuple(tie("text"), tie("list")).map(([a, b]) => `${a} in ${b}`),
    fc
      .tuple(tie("text"), fc.constantFrom("startsWith", "endsWith", "contains"), tie("text"))
      .map(([a, f, b]) => `${a}.${f}(${b})`),
    fc.tuple(tie("text"), fc.constantFrom("^a+b", "(a|b)*c", "[ab]{1,90}$")).map(([a, p]) => `re2(${a}, "${p}")`),
    fc
      .tuple(tie("list"), fc.constantFrom("all", "exists", "exists_one"), tie("expression"))
      .map(([a, f, b]) => `${a}.${f}(x, ${b})`),
    fc.oneof(tie("list"), tie("text")).map((a) => `size(${a}) > 3`),
    fc.tuple(tie("expression"), fc.constantFrom("&&", "||"), tie("expression")).map(([a, o, b]) => `(${a} ${o} ${b})`),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie("expression").map((a) => `!(${a})`),
  ),
}));

/** One walk after the other, as many as fit. */
const chain = fc
  .tuple(
    fc.constantFrom("claims.groups", "[claims.dep]", "[claims.groups]"),
    fc.array(
      fc.constantFrom(
        ".map(x, x + x)",
        ".map(x, (x + x) + (x + x))",
        ".map(x, [x, x])",
        ".map(x, [x, x, x][0])",
        ".map(x, {'a': x})",
        ".map(x, claims.groups)",
        ".map(x, x.lowerAscii())",
        ".filter(x, x == x)",
        '.map(x, x == "a" ? x : x)',
      ),
      { minLength: 1, maxLength: 14 },
    ),
  )
  .map(([start, walks]) => `${start}${walks.join("")}.size() > 1`);
