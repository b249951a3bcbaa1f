import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatCsv } from "../../../src/core/index.ts";

describe("CSV", () => {
  it("is as RFC 4180 writes it", () => {
    expect(
      formatCsv([
        ["a", "b c"],
        ['say "no"', "x,y"],
        ["two\nlines", ""],
      ]),
    ).toBe('a,b c\r\n"say ""no""","x,y"\r\n"two\nlines",\r\n');
  });

  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1", "\u200b=1", '=HYPERLINK("x")'])(
    "%j is no formula",
    (text) => expect(formatCsv([[text]])).toMatch(/^"?'/),
  );

  it("no text leaves its cell, and none begins a formula", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (row) => {
        const cells = [...formatCsv([row]).matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)].map(([, cell = ""]) =>
          cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
        );
        expect(cells.map((cell) => cell.replace(/^'/, ""))).toEqual(row.map((cell) => cell.replace(/^'/, "")));
        for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/);
      }),
    );
  });
});
