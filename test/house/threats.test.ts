import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./source.ts";

/** Threats of the list that this release answers; each has the attack as a test. */
const answered = [...range(1, 35), ...range(37, 63), "s65", ...range(67, 85)];

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `s${String(from + i).padStart(2, "0")}`);
}

test("every threat that we say we answer has its attack in test/hostile, or in test/contract where it needs a real server", () => {
  const files = ["test/hostile", "test/contract"].flatMap((folder) => readdirSync(join(root, folder)));
  expect(answered.filter((number) => !files.some((name) => name.startsWith(`${number}-`)))).toEqual([]);
});
