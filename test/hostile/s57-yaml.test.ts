import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkShape, parseYaml } from "../../src/yaml/index.ts";

const times = (n: number, line: (i: number) => string, between = "\n") =>
  Array.from({ length: n }, (_, i) => line(i)).join(between);

/** Processor time of this thread, least of some runs: what others do on the machine is no answer. */
function judged(text: string): { message: string; ms: number } {
  let [message, ms] = ["", Number.POSITIVE_INFINITY];
  for (let run = 0; run < 3 && ms > 50; run++) {
    const before = process.threadCpuUsage();
    const parsed = parseYaml(text, "attack.yaml");
    const { user, system } = process.threadCpuUsage(before);
    ms = Math.min(ms, (user + system) / 1000);
    message = parsed.ok ? "accepted" : (parsed.refusal[0]?.message ?? "");
  }
  return { message, ms };
}

/** Processor time of this thread so far, in milliseconds: unlike the clock on the wall it stands while others work. */
function spentMillis(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe("S-57: YAML made to hurt is refused within 50 ms:", () => {
  test.each([
    [
      "a billion laughs",
      times(9, (i) => `${i}x: &a${i} [${times(9, () => (i === 0 ? "lol" : `*a${i - 1}`), ",")}]`),
      /anchors/,
    ],
    ["an alias", "a: 1\nb: *a", /aliases|not valid YAML/],
    ["a merge key", "base: {x: 1}\nother:\n  <<: {admin: true}", /"<<" is not allowed/],
    ["a merge key under YAML 1.1", "%YAML 1.1\n---\nother:\n  <<: {admin: true}", /"<<" is not allowed/],
    ["merge keys made quadratic", times(500, () => "- <<: {a: 1}"), /"<<" is not allowed/],
    ["a tag that runs code elsewhere", "a: !!js/function 'return 1'", /tags \(!!js\/function\)/],
    ["a tag of the core schema", "a: !!binary aGk=", /tags \(!!binary\)/],
    ["a tag under another name", "%TAG ! tag:yaml.org,2002:\n---\na: !str 5", /tags/],
    ["a local tag", "a: !secret x", /tags \(!secret\)/],
    ["a duplicate key", "role: reader\nrole: admin", /"role" stands here twice/],
    ["a duplicate key in other quotes", 'role: reader\n"role": admin', /"role" stands here twice/],
    ["__proto__", "__proto__: {admin: true}", /"__proto__" is not allowed/],
    ["__proto__ deep inside", 'a: [{b: {"__proto__": {admin: true}}}]', /"__proto__" is not allowed/],
    ["constructor", "constructor: {prototype: {admin: true}}", /"constructor" is not allowed/],
    ["a key that is a map", "? {a: 1}\n: 2", /keys must be text/],
    ["more than 1 MiB", "a".repeat(1024 * 1024 + 1), /larger than 1 MiB/],
    ["more than 1 MiB of two-byte letters", "ü".repeat(600_000), /larger than 1 MiB/],
    ["21 levels", `${times(21, (i) => `${" ".repeat(i)}a:`)} x`, /deeper than 20/],
    ["brackets without end", "[".repeat(500_000), /deeper than 20/],
    ["dashes on one line", "- ".repeat(500_000), /deeper than 20/],
    ["dashes with wider gaps", "-   ".repeat(250_000), /deeper than 20/],
    ["question marks on one line", "? ".repeat(500_000), /deeper than 20/],
    ["mixed indicators", "- ? : ".repeat(150_000), /deeper than 20/],
    ["a staircase of keys", times(1_000, (i) => `${" ".repeat(i)}a:`), /deeper than 20/],
    ["a staircase of dashes", times(1_000, (i) => `${" ".repeat(i)}-`), /deeper than 20/],
  ])("%s", (_what, text, message) => {
    const { message: said, ms } = judged(text);
    expect(said).toMatch(message);
    expect(ms).toBeLessThan(50);
  });

  test.each([
    ["different keys", times(60_000, (i) => `key-${i}: 1`)],
    ["documents", times(60_000, () => "---\na")],
    ["errors", times(40_000, () => "a: b: c")],
    ["anchors", times(60_000, () => "- &a x")],
  ])("a megabyte of %s costs no more than it is long", (_what, text) => {
    const before = spentMillis();
    parseYaml(text, "attack.yaml");
    expect(spentMillis() - before).toBeLessThan(5_000);
  });

  test("a megabyte of mistakes is told in bounded words", () => {
    const parsed = parseYaml(
      times(20_000, (i) => `key-${i}: {wrong: 1}`),
      "attack.yaml",
    );
    const document = parsed.ok ? parsed.value[0] : undefined;
    const before = spentMillis();
    const shape =
      document && checkShape(document, z.record(z.string(), z.strictObject({ right: z.number().optional() })));
    expect(shape && !shape.ok && shape.refusal.length).toBeLessThanOrEqual(100);
    expect(spentMillis() - before).toBeLessThan(5_000);
  });

  test("nothing of it reaches the prototype of objects", () => {
    parseYaml('{"__proto__": {"admin": true}}', "attack.yaml");
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});
