import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { root, sourcesOf } from "./source.ts";

/** A text that people read, with its path from the project's folder. */
interface Page {
  readonly path: string;
  readonly text: string;
}

const markdownBelow = (folder: string): Page[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(root, folder, name), "utf8") }));

const pages: Page[] = [
  ...markdownBelow("src"),
  ...markdownBelow("docs"),
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md"].map((path) => ({
    path,
    text: readFileSync(join(root, path), "utf8"),
  })),
];
const sources: Page[] = ["src", "test", "demo", "scripts"].flatMap((folder) => sourcesOf(folder));

/** Decisions tell what was, so the files they name may have moved since. */
const isHistory = ({ path }: Page): boolean => path.startsWith("docs/decisions/");

const found = (page: Page, pattern: RegExp): string[] =>
  [...page.text.matchAll(pattern)].map((match) => match[1] ?? "");

describe("pointers", () => {
  test("a decision that is named exists", () => {
    const numbers = new Set(readdirSync(join(root, "docs/decisions")).map((name) => name.slice(0, 4)));
    const dead = [...pages, ...sources].flatMap((page) =>
      found(page, /\bdecisions? (\d{4})\b/g)
        .filter((number) => !numbers.has(number))
        .map((number) => `${page.path}: decision ${number}`),
    );
    expect(dead).toEqual([]);
  });

  test("a source file that is named from the project's folder exists", () => {
    const dead = [...pages.filter((page) => !isHistory(page)), ...sources].flatMap((page) =>
      found(page, /(?<![\w/.-])((?:src|test|demo|scripts|deploy)\/[\w./-]*\w\.(?:ts|md|ya?ml|json|mjs))\b/g)
        .filter((path) => !existsSync(join(root, path)))
        .map((path) => `${page.path}: ${path}`),
    );
    expect(dead).toEqual([]);
  });

  test("a file that a room's page names is in the room", () => {
    const dead = pages
      .filter(({ path }) => path.startsWith("src/"))
      .flatMap((page) => {
        const room = readdirSync(join(root, dirname(page.path)), { recursive: true, encoding: "utf8" });
        const isThere = (name: string) => room.some((file) => file === name || file.endsWith(`/${name}`));
        return found(page, /`([a-z][\w-]*(?:\/[\w-]+)*(?:\.ts|\/))`/g)
          .map((name) => name.replace(/\/$/, ""))
          .filter((name) => !isThere(name) && !["src", "."].some((folder) => existsSync(join(root, folder, name))))
          .map((name) => `${page.path}: ${name}`);
      });
    expect(dead).toEqual([]);
  });
});
