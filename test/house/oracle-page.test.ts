import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oraclePage } from "../oracle/page.ts";
import { root } from "./source.ts";

test("docs/reference/oracle.md is what the table of differences says: renew it with `npm run docs`", () => {
  expect(readFileSync(join(root, "docs/reference/oracle.md"), "utf8")).toBe(oraclePage());
});
