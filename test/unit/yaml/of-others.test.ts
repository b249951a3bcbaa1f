import { describe, expect, test } from "vitest";
import { parseYaml, reviseYaml } from "../../../src/yaml/index.ts";

// A file that other programs read, too, may use all of YAML; our own files may not (S-57).

const read = (text: string) => parseYaml(text, "f.yaml", { ofOthers: true });

describe("a file of others", () => {
  test("has aliases, merge keys and tags, which one of ours has not", () => {
    const text = "a: &it { b: !!str 1 }\nc: *it\nd: { <<: *it, e: 2 }\n";
    const found = read(text);
    expect(found.ok && found.value[0]?.value).toEqual({ a: { b: "1" }, c: { b: "1" }, d: { "<<": { b: "1" }, e: 2 } });
    expect(parseYaml(text, "f.yaml").ok).toBe(false);
  });

  test.each([
    ["an alias of nothing", "a: 1\nb: *gone\n"],
    ["aliases that stand for millions", billionLaughs()],
    ["a key twice", "a: &a 1\na: *a\n"],
    ["a key that would reach into the program", "__proto__: { a: 1 }\n"],
  ])("with %s is refused, with its line", (_, text) => {
    expect(read(text)).toMatchObject({ ok: false, refusal: [{ file: "f.yaml", line: expect.any(Number) }] });
  });

  test("keeps them where they are when it is revised", () => {
    const text = "# mine\nbase: &base\n  x: 1\nclouds:\n  one: { <<: *base } # first\n";
    const value = { base: { x: 1 }, clouds: { one: { "<<": { x: 1 } }, two: { project: "no" } } };
    const done = reviseYaml({ file: "f.yaml", text }, 0, value, { ofOthers: true });
    expect(done.ok && done.value.text).toBe(`${text}  two: { project: "no" }\n`);
  });
});

function billionLaughs(): string {
  const lines = Array.from({ length: 8 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`);
  return `a0: &a0 [ha]\n${lines.join("\n")}\n`;
}
