import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { plans } from "./plan.ts";

const text = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

describe.each(plans)("the public conformance plan $name", ({ modules }) => {
  test("has each module once", () => {
    const names = modules.map(({ module }) => module);
    expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  });

  test("has a test of ours for every module that the suite does not leave out", () => {
    const without = modules.filter(
      (m) => "file" in m && !text(m.file).includes(`"${m.module.replace(/^fapi2-security-profile-final-/, "")}:`),
    );
    expect(without.map(({ module }) => module)).toEqual([]);
  });
});
