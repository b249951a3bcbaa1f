import { describe, expect, test } from "vitest";
import { prefersPage } from "../../../src/http/accept.ts";

describe("who reads a page, and who JSON", () => {
  test.each<[string | undefined, boolean]>([
    [undefined, true],
    ["*/*", true],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true],
    ["text/*", true],
    ["TEXT/HTML", true],
    ["text/html, application/json", true],
    ["application/json, text/html", false],
    ["application/json", false],
    ["application/json, */*", false],
    ["application/*, */*", false],
    ["*/*, text/html", true],
    ["text/html;q=0.5, application/json", false],
    ["application/json;q=0.5, text/html", true],
    ["application/json; q=0.1, */*; q=0.5", true],
    ["text/html;q=0", false],
    ["text/html;q=0, */*", false],
    ["text/html;level=1", false],
    ["image/png", false],
    ["", true],
    ["nonsense", false],
  ])("%j: %s", (accept, page) => expect(prefersPage(accept)).toBe(page));

  test("a long header costs little", () => expect(prefersPage(`${"a/b,".repeat(10_000)}text/html`)).toBe(false));
});
