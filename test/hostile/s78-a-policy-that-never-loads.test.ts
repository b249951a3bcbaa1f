import { describe, expect, test } from "vitest";
import { loadPolicy } from "../../src/policy/index.ts";

// S-78: a file below the limit of 1 MiB that takes minutes to load, or ends the process. A broker that follows its policy
// files loads them while it serves.

const targets = `kind: Targets
clouds: {gx1: {keystone: "https://gx1.example/v3", roles: [member, reader]}}
upstreams: {i: {claims: {g: {type: list}, h: {type: list}, d: {type: text}}}}
tenants: {acme: {upstreams: [i], domains: {gx1: acme}, projects: [p], ceiling: {openstack: [member, reader]}}}
`;
const sets = `sets:
  a: [{openstack: {role: member, on: {project: p}}}]
  b: [{openstack: {role: reader, on: domain}}]
`;

const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");
const list = (count: number, one: (i: number) => string) => Array.from({ length: count }, (_, i) => one(i)).join(", ");

/** Loads it; answers the first problem. What takes minutes runs into the time limit of the test. */
function firstProblem(body: string): string {
  const text = `kind: Policy\ntenant: acme\n${sets}${body}\n`;
  expect(text.length).toBeLessThan(2 ** 20);
  const loaded = loadPolicy([
    { file: "targets.yaml", text: targets },
    { file: "acme.yaml", text },
  ]);
  return loaded.ok ? "" : (loaded.refusal[0]?.message ?? "");
}

describe("S-78: policy files that cost more than their size", { timeout: 120_000 }, () => {
  test("conditions without end are too many, and end no process", () => {
    const message = firstProblem(
      `people:\n  w: {from: i, all: [{g: {has: x}}], not: [${list(20_000, (i) => `{h: {has: z${i}}}`)}]}`,
    );
    expect(message).toMatch(/200/);
  });

  test("thousands of grants that may or may not be superfluous are loaded; the hint is given up", () => {
    const people = lines(3000, (i) => `  u${i}: {from: i, all: [{g: {has: x}}], not: [{h: {has: z${i}}}]}`);
    const grants = lines(3000, (i) => `  - {id: a${i}, give: a, to: u${i}, at: [gx1]}`);
    const message = firstProblem(`people:\n${people}\ngrants:\n${grants}`);
    expect(message).toBe("");
  });

  test("a separation of duties that would take hours to prove is not proven, and that is said", () => {
    const alternatives = (name: string) => list(20, (j) => `{d: {equals: ${name}x${j}}}`);
    const people = lines(
      400,
      (i) => `  u${i}: {from: i, any: [${alternatives(`u${i}`)}]}\n  v${i}: {from: i, any: [${alternatives(`v${i}`)}]}`,
    );
    const grants = lines(
      400,
      (i) => `  - {id: a${i}, give: a, to: u${i}, at: [gx1]}\n  - {id: b${i}, give: b, to: v${i}, at: [gx1]}`,
    );
    const message = firstProblem(`people:\n${people}\ngrants:\n${grants}\nrules:\n  - never-together: [a, b]`);
    expect(message).toContain("too many alternatives to say");
  });

  test("tests times grants are bounded, and what is not run is no success", () => {
    const grants = lines(6000, (i) => `  - {id: a${i}, give: a, to: w, at: [gx1]}`);
    const tests = lines(
      5000,
      (i) => `  - {name: t${i}, as: {upstream: i, claims: {g: [x]}}, expect: {includes: [gx1 project acme/p member]}}`,
    );
    const message = firstProblem(
      `people:\n  w: {from: i, all: [{g: {has: x}}], not: [{g: {has: y}}]}\ngrants:\n${grants}\ntests:\n${tests}`,
    );
    expect(message).toContain("no more of them is run");
  });

  test("a tenant's conditions in cel are counted, and the steps of their patterns added up", () => {
    const cel = (text: string) => (i: number) => `  w${i}: {from: i, cel: '${text}'}`;
    expect(firstProblem(`people:\n${lines(50, cel('claims.d == "x"'))}`)).toBe("");
    expect(firstProblem(`people:\n${lines(51, cel('claims.d == "x"'))}`)).toBe(
      "acme has more than 50 conditions in cel",
    );
    const heavy = 'claims.g.exists(x, re2(x, "^[a-z]{1,90}[0-9]$"))';
    expect(firstProblem(`people:\n${lines(2, cel(heavy))}`)).toBe("");
    expect(firstProblem(`people:\n${lines(9, cel(heavy))}`)).toMatch(
      /^the patterns of acme have \d+ steps together, more than 500/,
    );
  });

  test("a person with ten thousand groups is judged by a thousand excluded names in no time", () => {
    const body = `people:\n  w: {from: i, all: [{d: {has: x}}], not: [{g: {in: [${list(1000, (i) => `n${i}@a.example`)}]}}]}\ngrants:\n  - {id: a, give: a, to: w, at: [gx1]}`;
    const loaded = loadPolicy([
      { file: "targets.yaml", text: targets },
      { file: "acme.yaml", text: `kind: Policy\ntenant: acme\n${sets}${body}\n` },
    ]);
    if (!loaded.ok) throw new Error(loaded.refusal[0]?.message);
    const g = Array.from({ length: 10_000 }, (_, i) => `group-${i}@a.example`);
    const asked = {
      tenant: "acme",
      identityProvider: "i",
      claims: { d: "x", g },
      amr: [],
      loginMethod: "browser",
      client: "c",
      at: 0,
    };
    // So often that comparing every group with every name would run into the time limit of the test.
    for (let turn = 0; turn < 50; turn++) {
      const decision = loaded.value.decide(asked as never);
      expect(decision).toMatchObject({ kind: "decided", entitlements: [{ role: "member" }] });
    }
  });
});
