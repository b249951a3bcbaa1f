import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, type Page } from "../support/browser.ts";
import { shared } from "../support/shared.ts";

// S-33 holds the rest of it: ID tokens of another issuer, and of keys that are not in the realm's key set.

const broker = shared(boot);

const callback = () => `${broker.issuer}/login/callback`;

/** Begins a sign-in at one customer, ends it at whichever identity provider the visitor makes of it, stops on the way back. */
async function almostBack(browser: Browser, tenant: string, user: string, at?: string): Promise<URL> {
  const leaving = await fetch(`${broker.issuer}/login?tenant=${tenant}`, { redirect: "manual" });
  const cookie = leaving.headers.getSetCookie().find((it) => it.startsWith("cloudpass-login-"));
  const [, name = "", value = ""] = /^([^=]*)=([^;]*)/.exec(cookie ?? "") ?? [];
  browser.setCookie(broker.issuer, name, value);
  const text = (await leaving.text()).replaceAll("&amp;", "&");
  const to = new URL(new RegExp(`${broker.idp.issuer}/auth[^"'\\s]*`).exec(text)?.[0] ?? "");
  if (at !== undefined) to.searchParams.set("kc_idp_hint", at);
  const first = await browser.open(to.href);
  const page = await browser.submit(first, { username: user, password: user }, { formId: "login", stopAt: callback() });
  if (page.stopped === undefined) throw new Error(`not on the way back: ${heading(page)}`);
  return new URL(page.stopped);
}
const shows = (page: Page) => [page.status, heading(page)];

describe("S-37: an answer of one identity provider in the place of another's", () => {
  test("the way back works when nothing is mixed up", async () => {
    const browser = new Browser();
    const back = await almostBack(browser, "customer-b", "alice");
    expect(shows(await browser.open(back.href))).toEqual([200, "Log in a terminal"]);
  });

  test("a sign-in that began for customer B and ended at customer A's provider is nobody's", async () => {
    const browser = new Browser();
    const back = await almostBack(browser, "customer-b", "bob", "customer-a-idp");
    expect(shows(await browser.open(back.href))).toEqual([403, "You signed in at another organization"]);
    expect(browser.cookie("cloudpass")).toBeUndefined();
  });

  test.each([
    ["another issuer", "https://evil.example"],
    ["the issuer with a slash more", "/"],
    ["an empty issuer", ""],
  ])("an answer with iss of %s is refused (RFC 9207 section 2.4)", async (_what, iss) => {
    const browser = new Browser();
    const back = await almostBack(browser, "customer-a", "bob");
    back.searchParams.set("iss", iss === "/" ? `${broker.idp.issuer}/` : iss);
    expect((await browser.open(back.href)).status).toBe(403);
  });

  test("an answer without iss is refused, since the realm says that it always sends it", async () => {
    const browser = new Browser();
    const back = await almostBack(browser, "customer-a", "bob");
    expect(back.searchParams.get("iss")).toBe(broker.idp.issuer);
    back.searchParams.delete("iss");
    expect((await browser.open(back.href)).status).toBe(403);
  });
});
