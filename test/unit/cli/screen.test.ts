import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { cutToWidth, displayWidth, fold, lineInPlace, rowsOf, screenOf } from "../../../src/cli/screen.ts";
import {
  formatEither,
  formatVerification,
  formatWaitingShortly,
} from "../../../src/cli/user/login/format-verification.ts";

const pending = {
  issuer: "https://login.example",
  userCode: "BCDF-GHJK-LMNP",
  verificationUri: "https://login.example/device",
  verificationUriComplete: "https://login.example/device?user_code=BCDF-GHJK-LMNP",
  endsAt: 1_800_000_899,
};

/** A terminal of a size that can change; what was written since the last look. */
function sized(columns: number, rows: number) {
  let written = "";
  const stderr = Object.assign(new PassThrough(), { isTTY: true, columns, rows });
  stderr.on("data", (text) => {
    written += String(text);
  });
  return {
    stderr,
    resize: (to: number) => {
      stderr.columns = to;
      stderr.emit("resize");
    },
    look: () => {
      const seen = written;
      written = "";
      return seen;
    },
  };
}

describe("a line that is written again in its place", () => {
  test.each([200, 80, 60, 36, 20, 5, 2, 1])("is never wider than %i columns, and never makes a new one", (columns) => {
    const terminal = sized(columns, 24);
    const line = lineInPlace(terminal, () => "Waiting 日本語 🙂 é for you: 14 min 59 s left, and much more than fits");
    line.draw();
    const seen = terminal.look();
    expect(seen).not.toContain("\n");
    for (const drawn of seen.split("\r\u001b[K").slice(1)) expect(displayWidth(drawn)).toBeLessThan(columns);
    expect(seen.split("\r\u001b[K")).toHaveLength(3);
  });

  test("is drawn again at once, and narrower, when the terminal is made narrower; and not after its end", () => {
    const terminal = sized(80, 24);
    const line = lineInPlace(terminal, () => "x".repeat(100));
    terminal.look();
    terminal.resize(40);
    expect(terminal.look()).toBe(`\r\u001b[K${"x".repeat(39)}`);
    line.stop();
    expect(terminal.look()).toBe("\r\u001b[K");
    terminal.resize(50);
    expect(terminal.look()).toBe("");
  });

  test("holds nothing that a terminal would act on", () => {
    const terminal = sized(80, 24);
    lineInPlace(terminal, () => "a\u009b2J\nb").stop();
    expect(terminal.look()).not.toMatch(/\u009b/);
  });

  test("the waiting line of a login stays whole when somebody makes the terminal as narrow as 27 columns", () => {
    expect(displayWidth(formatWaitingShortly(pending, 1_800_000_000))).toBeLessThan(27);
  });
});

describe("what a device login shows", () => {
  test.each([
    [80, 24],
    [80, 40],
    [60, 20],
    [60, 50],
    [36, 24],
    [36, 80],
    [20, 24],
    [132, 43],
  ])("%i×%i: link and code end it, all of it is on the screen, and so is a QR code if it is drawn", (columns, rows) => {
    const { before, picture, after } = formatVerification(pending, true, { columns, rows });
    const [link, code] = after;
    expect(link).toBe(`    open   ${pending.verificationUriComplete}`);
    expect(code).toMatch(/^ {4}code {3}BCDF-GHJK-LMNP/);
    expect(after.at(-1)).toBe("");
    expect(rowsOf(after, columns) + 1).toBeLessThanOrEqual(rows);
    const all = [...before, ...picture, ...(picture.length > 0 ? [""] : []), ...after];
    if (picture.length > 0) {
      expect(Math.max(...picture.map((line) => line.length + 4))).toBeLessThan(columns);
      expect(rowsOf(all, columns) + 1).toBeLessThanOrEqual(rows);
    }
    for (const line of before) expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(columns, 24));
    expect(before.join(" ")).toContain("Approve only a login");
  });

  test("a QR code is drawn where it fits, and only there", () => {
    const drawn = (columns: number, rows: number) =>
      formatVerification(pending, true, { columns, rows }).picture.length > 0;
    expect(drawn(80, 40)).toBe(true);
    expect(drawn(80, 24)).toBe(false);
    expect(drawn(36, 80)).toBe(false);
    expect(formatVerification(pending, false, { columns: 200, rows: 100 }).picture).toEqual([]);
  });
});

describe("what a login shows that goes either way", () => {
  const link = "http://127.0.0.1:65535/Ab3_-xYz";
  const why = { issuer: "https://login.example", why: "this is a container with a screen" };

  test.each([
    [80, 24],
    [60, 20],
    [44, 24],
  ])("%i×%i: both links and the code are on the screen, and no line but a link is broken", (columns, rows) => {
    const lines = formatEither({ link, opens: true }, pending, why, { columns, rows });
    expect(rowsOf(lines, columns) + 1).toBeLessThanOrEqual(rows);
    expect(lines).toContain(`    open   ${link}`);
    expect(lines).toContain(`    open   ${pending.verificationUriComplete}`);
    for (const line of lines.filter((one) => !one.startsWith("    open"))) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
    expect(lines.join(" ")).toContain("Approve only a login");
  });

  test("where the broker gives no code the browser's link stands alone", () => {
    const lines = formatEither({ link, opens: true }, undefined, why, { columns: 80, rows: 24 });
    expect(lines.filter((line) => line.startsWith("    open"))).toEqual([`    open   ${link}`]);
    expect(lines.join(" ")).not.toContain("code");
  });
});

describe("the width of a text", () => {
  test.each([
    ["", 0],
    ["abc", 3],
    ["é", 1],
    ["e\u0301", 1],
    ["日本", 4],
    ["한국", 4],
    ["ｆｕ", 4],
    ["🙂", 2],
    ["👩‍💻", 2],
    ["❤️", 2],
    ["a\u200bb", 2],
    ["שלום", 4],
  ])("%s takes %i columns", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test("a text is cut between letters, never within one", () => {
    expect(cutToWidth("ab日本", 3)).toBe("ab");
    expect(cutToWidth("e\u0301e\u0301", 1)).toBe("e\u0301");
    expect(cutToWidth("abc", 0)).toBe("");
  });

  test("a sentence is folded at blanks; an address stays whole", () => {
    expect(fold("one two three", 7)).toEqual(["one two", "three"]);
    expect(fold("go to https://login.example/device now", 10)).toEqual([
      "go to",
      "https://login.example/device",
      "now",
    ]);
  });

  test("a terminal that does not say its size has the usual one", () => {
    expect(screenOf(sized(0, 0))).toEqual({ columns: 80, rows: 24 });
    expect(screenOf({ stderr: new PassThrough() }).columns).toBe(Number.POSITIVE_INFINITY);
  });
});
