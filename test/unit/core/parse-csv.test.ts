import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCsv } from "../../../src/core/parse-csv.ts";

const read = (text: string) => {
  const parsed = parseCsv(text);
  return parsed.ok ? parsed.value.map(({ line, cells }) => [line, ...cells.values()]) : parsed.refusal;
};

describe("a table", () => {
  test.each([
    ["commas", "a,b\n1,2\n"],
    ["semicolons, as a German Excel writes it, with a byte order mark", "\uFEFFa;b\r\n1;2\r\n"],
    ["tabs", "a\tb\n1\t2"],
    ["quotes", '"a","b"\r\n"1","2"'],
    ["blanks around", " A , b \n 1 , 2 "],
    ["old line ends", "a,b\r1,2\r"],
    ["empty lines", "\n\na,b\n\n1,2\n\n"],
  ])("with %s is read", (_what, text) => {
    const parsed = parseCsv(text);
    expect(parsed.ok && parsed.value.map(({ cells }) => Object.fromEntries(cells))).toEqual([{ a: "1", b: "2" }]);
  });

  test("keeps separators, quotes and line ends within quotes, and the number of the line", () => {
    expect(read('a,b\n"1,\n""x""","2"\n3')).toEqual([
      [2, '1,\n"x"', "2"],
      [4, "3", ""],
    ]);
  });

  test.each([
    ["nothing", "", 1, "empty"],
    ["a quote that stays open", 'a,b\n"1,2\n', 2, "a quote is open"],
    ["a quote within a cell", 'a,b\n1"x",2', 2, "a quote is open"],
    ["more cells than the header", "a,b\n1,2,3", 2, "more cells"],
    ["a column twice", "a,A\n1,2", 1, "twice"],
    ["another character set", "a,b\nM\uFFFDller,2", 1, "no UTF-8"],
    ["UTF-16", "a\0,\0b\0", 1, "no UTF-8"],
    ["a cell without an end", `a\n${"x".repeat(513)}`, 2, "longer than 512"],
    ["too many rows", `a\n${"1\n".repeat(1_001)}`, 1, "more than 1000 rows"],
    ["too many columns", ",".repeat(40), 1, "more than 32 columns"],
  ])("with %s is refused", (_what, text, line, message) =>
    expect(read(text)).toMatchObject({ line, message: expect.stringContaining(message) }),
  );

  test("comes back as it was written, whatever the cells are", () => {
    const cell = fc.string({ maxLength: 20 }).map((s) => s.replace(/[\0\uFFFD\uFEFF]/g, "").trim());
    const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }).filter((row) => row.some((c) => c !== "")));
    const ways = fc.constantFrom([",", "\n"], [";", "\r\n"], ["\t", "\r"]);
    fc.assert(
      fc.property(table, ways, (rows, [separator = "", end]) => {
        const quoted = rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(separator));
        const parsed = parseCsv([["x", "y", "z"].join(separator), ...quoted].join(end));
        expect(parsed.ok && parsed.value.map(({ cells }) => [...cells.values()])).toEqual(rows);
      }),
    );
  });

  test("of anything at all is answered, and in time", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) => typeof parseCsv(text).ok === "boolean"),
    );
    expect(read(`a\n"${'""'.repeat(200_000)}`)).toMatchObject({ message: expect.any(String) });
  });
});
