import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { allOf } from "../../../src/cli/reference/facts.ts";
import { programFacts } from "../../../src/cli/reference/program.ts";
import { at, read } from "./place.ts";

/** The pages for people, outside of `src`. */
const pages = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "deploy/README.md"],
  ...readdirSync(at("docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].sort();

describe("the records", () => {
  test("every dependency has its line in decision 0015, and every line its dependency", () => {
    type Kind = "dependencies" | "optionalDependencies" | "devDependencies";
    const manifest = JSON.parse(read("package.json")) as Record<Kind, object>;
    const [, released = "", development = ""] = read("docs/decisions/0015-dependencies.md").split(/^### /m);
    const named = (table: string) => [...table.matchAll(/^\| `([^`]+)`/gm)].map((m) => m[1]).sort();
    const inRelease = { ...manifest.dependencies, ...manifest.optionalDependencies };
    expect(named(released)).toEqual(Object.keys(inRelease).sort());
    expect(named(development)).toEqual(Object.keys(manifest.devDependencies).sort());
  });

  test("every decision says context, decision, what was given up and how it would show to be wrong", () => {
    const files = readdirSync(at("docs/decisions")).filter((name) => /^\d{4}-/.test(name));
    const index = read("docs/decisions/README.md");
    const wanted = ["Context", "Decision", "What we gave up", "How we would notice that it was wrong"];
    for (const [n, file] of files.sort().entries()) {
      const text = read(`docs/decisions/${file}`);
      const number = String(n + 1).padStart(4, "0");
      expect(text.startsWith(`# ${number}: `) && file.startsWith(`${number}-`), file).toBe(true);
      const headings = [...text.matchAll(/^## (.+)$/gm)].map((m) => m[1]);
      expect(headings, file).toEqual(wanted);
      expect(index, file).toContain(`(${file})`);
    }
  });

  test("links between pages lead somewhere", () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
        .map((m) => m[1] ?? "")
        .filter((link) => !existsSync(join(at(dirname(page)), link)))
        .map((link) => `${page}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  test("commands that the pages name exist", async () => {
    const named = pages
      .flatMap((page) => codeIn(read(page)))
      .flatMap((code) =>
        [...code.matchAll(/(?:^|[\s`])cloudpass ([a-z][a-z-]+)(?: (plan|apply|explain|render|check|create)\b)?/g)].map(
          (m) => [m[1], m[2]].filter((word) => word !== undefined).join(" "),
        ),
      );
    const known = new Set(allOf(await programFacts()).map(({ path }) => path.join(" ")));
    const unknown = [...new Set(named)].filter((command) => !known.has(command)).sort();
    expect(named.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
  });
});

/** What stands in fences and between backticks. */
const codeIn = (text: string): string[] => text.match(/^ *```[\s\S]*?^ *```|`[^`\n]+`/gm) ?? [];
