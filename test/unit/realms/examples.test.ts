import { describe, expect, it } from "vitest";
import { exampleFile, sectionExamples, smallestFile } from "../../../src/realms/format/examples.ts";
import { sections } from "../../../src/realms/format/manage.ts";
import { loadRealms } from "../../../src/realms/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";

const problems = (text: string) => {
  const loaded = loadRealms([{ file: "customers.yaml", text }], () => "a secret");
  return loaded.ok ? [] : loaded.refusal.map(formatProblem);
};

describe("the examples of the reference page", () => {
  it("are valid: the smallest file, and all of them as one", () => {
    expect(problems(smallestFile)).toEqual([]);
    expect(problems(exampleFile())).toEqual([]);
  });

  it("there is one for each section", () => {
    expect(sections.filter((section) => !Object.hasOwn(sectionExamples, section))).toEqual([]);
  });
});
