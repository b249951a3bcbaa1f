import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

describe("S-19: a sign-in", () => {
  test("never leaves for anywhere but our own pages (open redirect)", async () => {
    for (const query of [
      "return_to=https://evil.example",
      "returnTo=//evil.example",
      "user_code=https://evil.example",
      "redirect_uri=https://evil.example",
      "user_code=%0d%0aLocation:%20https://evil.example",
    ]) {
      const browser = new Browser();
      const first = await browser.open(`${broker.issuer}/login?tenant=customer-a&${query}`);
      const page = await browser.submit(first, { username: "bob", password: "bob" }, { formId: "login" });
      expect(new URL(page.url).origin).toBe(broker.issuer);
    }
  });

  test("tells the identity provider one way back only, that of the configuration", async () => {
    const query = "redirect_uri=https://evil.example&tenant=customer-a";
    const page = await fetch(`${broker.issuer}/login?${query}`, { headers: { "x-forwarded-host": "evil.example" } });
    const link = /href="([^"]*redirect_uri=[^"]*)"/.exec(await page.text())?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(new URL(link).searchParams.getAll("redirect_uri")).toEqual([`${broker.issuer}/login/callback`]);
  });
});
