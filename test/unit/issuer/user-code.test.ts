import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemRandom } from "../../../src/core/index.ts";
import { isTail, makeUserCode, normaliseUserCode, readTail } from "../../../src/issuer/device/user-code.ts";

const letter = fc.constantFrom(..."BCDFGHJKLMNPQRSTVWXZ") as fc.Arbitrary<string>;
const code = fc
  .array(letter, { minLength: 12, maxLength: 12 })
  .map((l) => [l.slice(0, 4), l.slice(4, 8), l.slice(8)].map((group) => group.join("")).join("-"));
/** What people put between letters, by hand or by copying. */
const noise = fc.constantFrom(
  ...[
    "",
    "",
    "",
    " ",
    "-",
    "–",
    "—",
    "‑",
    "_",
    ".",
    "\u00a0",
    "\t",
    "\r\n",
    "−",
    "－",
    "﹣",
    "~",
    "\u00ad",
    "\u200b",
    "\u2060",
  ],
  ...["\ufeff", "\u202a", "\u200f", "\ufe0f", '"', "'", "„", "“", "”", "»", "`", "*", "(", ")", "|", "\u3000"],
);

describe("a user code", () => {
  test("rfc8628 6.1: is twelve letters without vowels and digits", () => {
    for (let i = 0; i < 2_000; i++)
      expect(makeUserCode(systemRandom)).toMatch(
        /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/,
      );
  });

  test("uses every letter at every place about as often: no bias to guess by", () => {
    const counts = new Map<string, number>();
    const rounds = 8_000;
    for (let i = 0; i < rounds; i++)
      for (const [at, c] of [...makeUserCode(systemRandom)].entries())
        counts.set(`${at}${c}`, (counts.get(`${at}${c}`) ?? 0) + 1);
    for (const dash of ["4-", "9-"]) counts.delete(dash);
    expect(counts.size).toBe(12 * 20);
    // 400 expected, deviation about 19.5: six of them are out of reach by chance.
    for (const count of counts.values()) expect(Math.abs(count - rounds / 20)).toBeLessThan(120);
  });

  test("is read in any case, with any blanks and dashes, full width or not", () => {
    const wide = (c: string) => String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0);
    const typed = code.chain((c) =>
      fc
        .tuple(
          ...[...c.replaceAll("-", "")].map((l) =>
            fc.tuple(fc.constantFrom(l, l.toLowerCase(), wide(l)), noise).map((x) => x.join("")),
          ),
        )
        .map((letters) => [c, letters.join("")] as const),
    );
    fc.assert(
      fc.property(typed, ([c, text]) => normaliseUserCode(text) === c),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["0OUI-1568-bcdf", "QQVL-LSGB-BCDF"],
    ["2bcd-fghj-klmn", "ZBCD-FGHJ-KLMN"],
  ])("with what looks alike: %s is %s", (typed, read) => expect(normaliseUserCode(typed)).toBe(read));

  test.each([
    ["the whole link", "https://login.example/device?user_code=LMNP-BCDF-GHJK"],
    ["the whole link as a chat sends it on", "<https://login.example/device?user_code=LMNP%2DBCDF%2DGHJK>"],
    ["the link with a tenant", "https://login.example/device?tenant=customer-a&user_code=lmnp-bcdf-ghjk&x=1"],
    ["the line of the terminal", "    code   LMNP-BCDF-GHJK   (the page must show the same)"],
    ["a sentence", "Here is the code: “LMNP-BCDF-GHJK”."],
    ["Markdown", "**LMNP-BCDF-GHJK**"],
    ["a quotation", "> LMNP-BCDF-GHJK\r\n"],
    ["two lines", "LMNP-BCDF-\r\nGHJK"],
    ["letters with signs that do not show", "\u2066LMNPBCDF\u00ad-\u200bGHJK\u2069\ufeff"],
    ["full-width letters", "ＬＭＮＰ－ＢＣＤＦ－ＧＨＪＫ"],
    ["letters of formulas", "𝐋𝐌𝐍𝐏-𝐁𝐂𝐃𝐅-𝐆𝐇𝐉𝐊"],
  ])("out of %s", (_what, pasted) => expect(normaliseUserCode(pasted)).toBe("LMNP-BCDF-GHJK"));

  test.each([
    ["two codes", "LMNP-BCDF-GHJK LMNP-BCDF-GHJL"],
    ["two codes in one link", "https://login.example/device?user_code=LMNP-BCDF-GHJKLMNP-BCDF-GHJL"],
    ["a link without one", "https://login.example/device"],
    ["a broken escape", "https://login.example/device?user_code=%E0%A4%A"],
    ["a letter with an accent", "LMNP-B\u0308CDF-GHJK"],
  ])("%s are none: one text is one guess", (_what, pasted) => expect(normaliseUserCode(pasted)).toBeUndefined());

  test.each([
    "",
    "LMNP-BCDF-GHJ",
    "LMNP-BCDF-GHJKL",
    "LMNP-BCDF-GHJA",
    "LMNP-BCDF-GHJE",
    "LMNP-BCDF-GHJ3",
    "LMNPBCDF\0GHJK",
    "LMNP-ВCDF-GHJK",
    "%",
    "B".repeat(1_000_000),
  ])("never out of %j", (typed) => expect(normaliseUserCode(typed)).toBeUndefined());

  test("reading twice changes nothing, and whatever is typed gives a code or nothing", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), code), (typed) => {
        const read = normaliseUserCode(typed);
        if (read === undefined) return;
        expect(read).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
        expect(normaliseUserCode(read)).toBe(read);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ["ghjk", true],
    ["“GHJK”\r\n", true],
    ["https://login.example/device?user_code=LMNP-BCDF-GHJK", true],
    ["BCDF", false],
    ["LMNP-BCDF-GHJL", false],
  ])("its end as %j: %s", (typed, right) => expect(isTail(readTail(typed) ?? "", "LMNP-BCDF-GHJK")).toBe(right));

  test.each(["", "GHJ", "GHJKL", "GHJ3", "LMNP-BCDF-GHJ", "the end"])("no end of one is %j", (typed) =>
    expect(readTail(typed)).toBeUndefined(),
  );
});
