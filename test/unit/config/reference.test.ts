import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configurationReference } from "../../../src/config/index.ts";

test("the reference page is what `npm run docs` would write now", () => {
  const page = readFileSync(new URL("../../../docs/reference/configuration.md", import.meta.url), "utf8");
  expect(page, "run `npm run docs`").toBe(configurationReference());
});

test("every key has a meaning", () => {
  const rows = configurationReference()
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter((row) => /^\| `[^`]*` \|\s*(\*\*required\*\*)?\s*\|/.test(row))).toEqual([]);
});
