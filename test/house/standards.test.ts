import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { pathBelowTest, readStandard, standardFolders, testFilesOf } from "../protocol/standards.ts";
import { standardsPage } from "../support/standards-page.ts";
import { root } from "./source.ts";

const below = (path: string): string => join(root, "test", path);
const holdsTests = (path: string): boolean => /\b(it|test)(\.each)?[(<]/.test(readFileSync(below(path), "utf8"));

async function provenIn(folder: string): Promise<string[]> {
  const { sentences } = await readStandard(folder);
  return sentences.flatMap((s) => ("file" in s ? [pathBelowTest(folder, s.file)] : []));
}

test("every folder of a standard is in the list of standards", () => {
  const folders = readdirSync(below("protocol")).filter((name) => /^(rfc\d|openid-)/.test(name));
  expect(folders.sort()).toEqual([...standardFolders].sort());
});

describe.each(standardFolders)("%s", (folder) => {
  test("has sentences, each with its section, none twice, and a reason where there is no proof", async () => {
    const { sentences } = await readStandard(folder);
    expect(sentences.length).toBeGreaterThan(0);
    expect(sentences.filter((s) => s.section === "" || s.sentence === "")).toEqual([]);
    const said = sentences.map((s) => `${s.section} ${s.sentence}`);
    expect(said.filter((text, i) => said.indexOf(text) !== i)).toEqual([]);
    expect(sentences.filter((s) => "notApplicable" in s && s.notApplicable.length < 10)).toEqual([]);
  });

  test("proves its sentences by files that are there and hold tests", async () => {
    const proven = await provenIn(folder);
    expect(proven.filter((path) => !path.endsWith(".test.ts") || !existsSync(below(path)))).toEqual([]);
    expect(proven.filter((path) => !holdsTests(path))).toEqual([]);
  });

  test("has no test file that proves no sentence", async () => {
    const proven = await provenIn(folder);
    const own = testFilesOf(folder).map((name) => pathBelowTest(folder, name));
    expect(own.filter((path) => !proven.includes(path))).toEqual([]);
  });
});

test("docs/reference/standards.md is what `npm run docs` would write now", async () => {
  const page = readFileSync(join(root, "docs/reference/standards.md"), "utf8");
  expect(page, "run `npm run docs`").toBe(await standardsPage());
});
