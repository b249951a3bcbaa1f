import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, sourcesOf } from "./source.ts";

// The threat model said of threats with tests that they were not answered, and knew nothing of others.

const page = readFileSync(join(root, "docs/explanation/threat-model.md"), "utf8");

interface Row {
  readonly numbers: readonly number[];
  readonly shownBy: string;
}

/** Numbers of a cell: "S-17, S-18", "S-42 to S-45". */
function numbersIn(cell: string): number[] {
  const [from, to] = /S-(\d+) to S-(\d+)/.exec(cell)?.slice(1).map(Number) ?? [];
  if (from !== undefined && to !== undefined) return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return [...cell.matchAll(/S-(\d+)/g)].map((m) => Number(m[1]));
}

const rows: Row[] = [...page.matchAll(/^\|\s*(S-[^|]+)\|.*\|\s*([^|]+?)\s*\|$/gm)].map(
  ([, cell = "", shownBy = ""]) => ({
    numbers: numbersIn(cell),
    shownBy,
  }),
);
const told = rows.flatMap((row) => row.numbers);
const missing = numbersIn(/Known to be missing:([\s\S]*)$/.exec(page)?.[1] ?? "");

/** Threats that have the attack as a file of its own. */
const tried = [
  ...new Set(
    ["test/hostile", "test/contract"]
      .flatMap((folder) => readdirSync(join(root, folder)))
      .flatMap((name) => /^s(\d+)-.*\.test\.ts$/.exec(name)?.[1] ?? [])
      .map(Number),
  ),
];

const tests = sourcesOf("test").map((file) => file.text);

describe("the threat model", () => {
  test("has a row for every threat that is tried", () => {
    expect(tried.filter((n) => !told.includes(n)).map((n) => `S-${n}`)).toEqual([]);
  });

  test("names no threat twice, nor one as answered and as missing", () => {
    expect(told.filter((n, at) => told.indexOf(n) !== at || missing.includes(n)).map((n) => `S-${n}`)).toEqual([]);
  });

  test("says of no threat that is tried that its answer is missing", () => {
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.filter((n) => tried.includes(n)).map((n) => `S-${n}`)).toEqual([]);
  });

  test("claims no answer that no test speaks of", () => {
    const spoken = (n: number) => tests.some((text) => new RegExp(`\\bS-${String(n).padStart(2, "0")}\\b`).test(text));
    expect(told.filter((n) => !tried.includes(n) && !spoken(n)).map((n) => `S-${n}`)).toEqual([]);
  });

  test("names folders of tests that are there", () => {
    const folders = rows.flatMap((row) => [...row.shownBy.matchAll(/`([\w-]+)`/g)].map((m) => m[1] ?? ""));
    expect(folders.filter((folder) => !existsSync(join(root, "test", folder)))).toEqual([]);
    expect(rows.filter((row) => row.shownBy !== "-" && !row.shownBy.includes("`"))).toEqual([]);
  });
});
