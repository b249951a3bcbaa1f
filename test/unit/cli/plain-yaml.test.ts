import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { changeProfiles, withProfile } from "../../../src/cli/change-profiles.ts";
import { parsePlainYaml } from "../../../src/cli/plain-yaml.ts";
import { plainProfiles, readProfiles } from "../../../src/cli/profiles.ts";

const words = fc.constantFrom(
  ...[
    "https://login.example",
    "http://[::1]:8080",
    "https://x.example:8443/a",
    "ca.pem",
    "/etc/ca.pem",
    "/a b",
    "browser",
  ],
  ...[
    "null",
    "~",
    "Yes",
    "y",
    "true",
    "12",
    "007",
    "0x1f",
    "1e3",
    "1_000",
    "12:30",
    ".5",
    "-1",
    "a: b",
    "a #b",
    "a#b",
    "a:",
  ],
  ...[
    "'x'",
    '"x"',
    "[]",
    "{}",
    "*a",
    "&a x",
    "!!str x",
    "|",
    ">",
    "%x",
    "@x",
    "`x",
    "- x",
    "? x",
    "x,y",
    "é",
    "\tx",
    "https://x:",
  ],
);
const keys = fc.constantFrom(
  ...[
    "issuer",
    "profiles",
    "current",
    "login.example",
    "localhost:8080",
    "a@b",
    "127.0.0.1:80",
    "null",
    "on",
    "<<",
    "é",
  ],
  ...["__proto__", "constructor", '"q"', "a b", "- a", "? a", "a:", "#a", "x+y"],
);
const line = fc.record({
  indent: fc.constantFrom("", "", "  ", "  ", "    ", "      ", " ", "   ", "\t"),
  key: keys,
  colon: fc.constantFrom(":", ":", ":", " :", ""),
  gap: fc.constantFrom(" ", " ", "  ", "", "\t"),
  word: fc.oneof(fc.constant(""), words),
  end: fc.constantFrom("", "", "", " ", " # mine", "#mine", "\r", "\t"),
});
const plainLine = fc.record({
  indent: fc.constantFrom("", "", "", "  ", "  ", "    "),
  key: fc.constantFrom("issuer", "profiles", "current", "login.example", "localhost:8080", "a@b", "caFile", "x+y"),
  word: fc.constantFrom(
    "",
    " https://login.example",
    " http://127.0.0.1:8080",
    " ca.pem",
    " /etc/ca.pem",
    "  browser",
    " 12",
  ),
  end: fc.constantFrom("", "", "", " ", " # mine"),
});
const text = fc
  .array(
    fc.oneof(
      { weight: 16, arbitrary: plainLine.map((l) => `${l.indent}${l.key}:${l.word}${l.end}`) },
      { weight: 2, arbitrary: line.map((l) => `${l.indent}${l.key}${l.colon}${l.gap}${l.word}${l.end}`) },
      { weight: 1, arbitrary: fc.constantFrom("", "# a", "  # b", "---", "...", "%YAML 1.1", "\ufeff", "- a", " ") },
    ),
    { maxLength: 7 },
  )
  .map((lines) => lines.join("\n"));

describe("YAML of the plainest form", () => {
  it("is read as the library reads it, or not at all", () => {
    let plainly = 0;
    fc.assert(
      fc.property(text, (written) => {
        const read = parsePlainYaml(written);
        if (read === undefined) return;
        plainly++;
        expect(parse(written) ?? {}, JSON.stringify(written)).toEqual(read);
      }),
      { numRuns: 20_000, seed: 15 },
    );
    expect(plainly).toBeGreaterThan(500);
  });

  it.each(["", "# mine\n\n"])("has no profile in %j, and that is seen without the library", (none) => {
    expect(plainProfiles(none)).toEqual({});
  });

  it("is what a login writes", async () => {
    const { mkdtemp, readFile, rm } = await import("node:fs/promises");
    const folder = await mkdtemp("/tmp/cloudpass-plain-");
    const file = `${folder}/profiles.yaml`;
    await changeProfiles(file, (before) => ({
      ...withProfile(before, "login.example", { issuer: "https://login.example", caFile: "/etc/ssl/ca.pem" }),
      current: "login.example",
    }));
    await changeProfiles(file, (before) => withProfile(before, "localhost:8080", { issuer: "http://localhost:8080" }));
    const written = await readFile(file, "utf8");
    expect(plainProfiles(written)).toEqual(parse(written));
    expect((await readProfiles(file)).all.map(({ name }) => name)).toEqual(["login.example", "localhost:8080"]);
    await rm(folder, { recursive: true });
  });
});
