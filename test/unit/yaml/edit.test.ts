import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editYaml } from "../../../src/yaml/index.ts";

const file = [
  "# our realm",
  "kind: Realm",
  "realm:   shop    # the shop",
  "",
  "",
  "upstreams:",
  "  # the first",
  '  - {id: a,  template: oidc, issuer: "https://a.example"}   # a',
  "clients:   {}   # none",
  "",
];
const added = (text: string) =>
  editYaml(text, 0, (document) => document.add(["upstreams"], { id: "b", client: { id: "us" } }));
const withNew = (eol: string) => file.toSpliced(8, 0, "  - id: b", "    client: {id: us}").join(eol);

describe("a change of a file", () => {
  it.each([
    ["lines that end with LF", "\n"],
    ["lines that end with CR LF", "\r\n"],
  ])("keeps comments, blanks and empty lines, and %s", (_what, eol) => {
    expect(added(file.join(eol))).toBe(withNew(eol));
  });

  it("keeps a byte order mark, and a last line that is not ended", () => {
    expect(added(`\ufeff${file.join("\r\n").trimEnd()}`)).toBe(`\ufeff${withNew("\r\n").trimEnd()}`);
  });

  it("keeps line ends of both kinds where they are", () => {
    const mixed = file.map((line, i) => `${line}${i % 2 === 0 ? "\n" : "\r\n"}`).join("");
    const lines = added(mixed).split(/(?<=\n)/);
    expect(mixed.split(/(?<=\n)/).filter((line) => !lines.includes(line))).toEqual([]);
  });

  it.each([
    [
      "at the beginning and at the end",
      "\n\nkind: Realm\nitems:\n  - a\n\n\n",
      "\n\nkind: Realm\nitems:\n  - a\n  - b\n\n\n",
    ],
    ["after what is new", "items:\n  - a\n\n\n# more\nz: 1\n", "items:\n  - a\n  - b\n\n\n# more\nz: 1\n"],
    ["around a comment at the end", "items:\n  - a\n\n\n# end\n\n", "items:\n  - a\n  - b\n\n\n# end\n\n"],
    ["in a text of several lines", "t: |+\n  x\n\n\nitems:\n  - a\n", "t: |+\n  x\n\n\nitems:\n  - a\n  - b\n"],
    [
      "before a text that ends with them",
      "items:\n  - a\n\nt: |+\n  x\n\n\n",
      "items:\n  - a\n  - b\n\nt: |+\n  x\n\n\n",
    ],
  ])("keeps several empty lines %s", (_where, before, after) => {
    expect(editYaml(before, 0, (document) => document.add(["items"], "b"))).toBe(after);
  });

  it("keeps those before a line that becomes another", () => {
    expect(editYaml("a: 1\n\n\nb: 2\n", 0, (document) => document.set(["b"], 3))).toBe("a: 1\n\n\nb: 3\n");
  });

  it("keeps those before what is removed once, and not those after it", () => {
    const text = "a: 1\n\n\nb: 2\n\n\n\nc: 3\n";
    expect(editYaml(text, 0, (document) => document.remove(["b"]))).toBe("a: 1\n\n\nc: 3\n");
  });

  it("takes no longer for a text of nothing but empty lines", () => {
    const text = `t: |+\n  x\n${"\n".repeat(100_000)}items:\n  - a\n`;
    expect(editYaml(text, 0, (document) => document.add(["items"], "b"))).toBe(`${text}  - b\n`);
  });

  it("takes away no line but those of what is removed", () => {
    const removed = editYaml(file.join("\r\n"), 0, (document) => document.remove(["clients"]));
    expect(removed).toBe(file.toSpliced(8, 1).join("\r\n"));
  });

  it("says what was asked for, whatever the blanks were", () => {
    const blanks = fc.array(fc.constantFrom(" ", "  "), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(blanks, fc.constantFrom("\n", "\r\n"), ([a, b, c, d], eol) => {
        const text = [`a:${a}1${b}# one`, "list:", `${c}-${d}x: 1`, `${c} ${d}y: 2`, "z: end", ""].join(eol);
        const changed = editYaml(text, 0, (document) => document.add(["list"], { x: 3 }));
        expect(changed.replaceAll(eol, "")).not.toMatch(/[\r\n]/);
        expect(parse(changed)).toEqual({ a: 1, list: [{ x: 1, y: 2 }, { x: 3 }], z: "end" });
      }),
    );
  });
});
