import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { shared } from "../../support/shared.ts";

const named = shared(() =>
  boot({
    yaml: `accessibility:
  operator: Example Cloud
  email: access@cloud.example
  enforcement: { name: The office, url: "https://office.example/write" }
`,
  }),
);
const nobody = shared(() => boot());

describe("the accessibility statement", () => {
  test.each([
    ["en", "Accessibility statement", "Accessibility"],
    ["de", "Erklärung zur Barrierefreiheit", "Barrierefreiheit"],
  ])("%s: says what was tested and how, and whom to tell", async (language, title, link) => {
    const browser = new Browser({ "accept-language": language });
    const page = await browser.open(`${named.issuer}/accessibility`);
    expect([page.status, heading(page)]).toEqual([200, title]);
    for (const part of ["axe-core", "320", "WCAG", "Example Cloud", "access@cloud.example", "The office"])
      expect(plainText(page)).toContain(part);
    expect(page.text).toContain('href="https://office.example/write"');
    expect(page.text).toContain(`<footer><a href="/accessibility">${link}</a></footer>`);
  });

  test("sends people to their manager where the operator names nobody", async () => {
    const page = await new Browser().open(`${nobody.issuer}/accessibility`);
    expect(plainText(page)).toContain("tell the domain manager of your organization");
    expect(page.text).not.toContain("mailto:");
  });

  test.each(["/", "/login", "/account", "/console", "/nowhere", "/login/failed"])("%s leads there", async (path) => {
    const page = await new Browser().open(`${nobody.issuer}${path}`);
    expect(page.text).toContain('<footer><a href="/accessibility">');
  });
});
