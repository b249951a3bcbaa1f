import { describe, expect, test, vi } from "vitest";
import { createLog } from "../../../src/http/index.ts";
import { boot } from "../../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../../support/browser.ts";
import { codeRequest } from "../../support/code-login.ts";
import { shared } from "../../support/shared.ts";

// What happens to a sign-in in people's hands: two tabs, a reload, a double click, no cookies.

let cut: string | undefined;
const lines: string[] = [];
const write = (line: string) => {
  if (cut !== undefined && line.includes(`"event":"${cut}"`)) throw new Error("the disk is full");
  lines.push(line);
};
const broker = shared(() => boot({ log: createLog("info", { write }) }));
const link = () => `${broker.issuer}/login?tenant=customer-a&to=account`;
const shows = (page: Page) => [page.status, heading(page)];
const signedIn = [200, "Your sessions and logins"];

/** Opens the link in one more tab of the browser, as far as the identity provider's form. */
const tab = (browser: Browser) => browser.open(link());
/** Signs in there; answers the way back, which is not gone yet. */
async function back(browser: Browser, page: Page): Promise<string> {
  const at = { formId: "login", stopAt: `${broker.issuer}/login/callback` };
  const { stopped } = await browser.submit(page, { username: "bob", password: "bob" }, at);
  return stopped ?? "";
}

describe("the link opened in several tabs", () => {
  test("one after the other, finished in the first: all finish", async () => {
    const browser = new Browser();
    const tabs = [await tab(browser), await tab(browser), await tab(browser)];
    for (const page of tabs) expect(shows(await browser.open(await back(browser, page)))).toEqual(signedIn);
  });

  test("all at once, before any answer came: the browser keeps a cookie for each", async () => {
    const browsers = Array.from({ length: 3 }, () => new Browser());
    const all = new Browser();
    const tabs = await Promise.all(browsers.map(tab));
    // As a browser does that sent all requests before the first answer: it has the cookies of all in the end.
    for (const one of browsers) {
      for (const [name, value] of one.cookiesLike("cloudpass-login-")) {
        if (all.cookie(name) === undefined) all.setCookie(broker.issuer, name, value);
      }
    }
    const kept = new Set(all.cookiesLike("cloudpass-login-").map(([, value]) => value));
    for (const [n, page] of tabs.entries()) {
      const own = browsers[n]?.cookiesLike("cloudpass-login-")[0]?.[1] ?? "";
      if (!kept.has(own)) continue; // one in eight shares its slot with another
      const way = await back(browsers[n] ?? all, page);
      expect(shows(await all.open(way))).toEqual(signedIn);
    }
    expect(kept.size).toBeGreaterThanOrEqual(1);
  });
});

test("two programs that send the browser at the same moment, before it has any cookie, are both confirmed", async () => {
  const browser = new Browser();
  const begin = async () => {
    const { headers } = await fetch(codeRequest(broker.issuer, "gx1").url, { redirect: "manual" });
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(headers.getSetCookie()[0] ?? "") ?? [];
    return { to: new URL(headers.get("location") ?? "", broker.issuer).href, name, value };
  };
  const first = await begin();
  let second = await begin();
  // One in eight shares its slot.
  for (let more = 60; more > 0 && second.name === first.name; more--) second = await begin();
  for (const { name, value } of [first, second]) browser.setCookie(broker.issuer, name, value);
  await browser.open(await back(browser, await tab(browser)));
  for (const { to } of [first, second]) expect(shows(await browser.open(to))).toEqual([200, "Log in to a program?"]);
});

describe("the way back, sent twice", () => {
  test("while the realm is slow: the second waits on a page that looks again by itself, and both end signed in", async () => {
    const browser = new Browser();
    const way = await back(browser, await tab(browser));
    const [first, second] = await Promise.all([browser.open(way), browser.open(way)]);
    const pages = [shows(first), shows(second)];
    expect(pages).toContainEqual(signedIn);
    const waits = [first, second].find((page) => heading(page) === "One moment");
    if (waits) {
      expect(plainText(waits)).toContain("The page goes on by itself");
      expect(waits.text).toContain('http-equiv="refresh" content="1; url=/login/callback?');
    }
    expect(shows(await browser.open(way)), "it looks again").toEqual(signedIn);
  });

  test("when the realm was away for a moment, the same address goes on", async () => {
    const browser = new Browser();
    const way = await back(browser, await tab(browser));
    await broker.idp.leave();
    expect(shows(await browser.open(way))).toEqual([503, "Please try again"]);
    await broker.idp.comeBack();
    expect(shows(await browser.open(way))).toEqual(signedIn);
  });

  test("when it was refused, it is refused in the same words", async () => {
    const browser = new Browser();
    const way = new URL(await back(browser, await tab(browser)));
    way.searchParams.set("code", "guess");
    const first = shows(await browser.open(way.href));
    expect([first, shows(await browser.open(way.href))]).toEqual(Array(2).fill([403, "The sign-in did not succeed"]));
  });
});

describe("a browser that keeps no cookies", () => {
  test("is told so, on the way back from the sign-in", async () => {
    const elsewhere = new Browser();
    const way = await back(elsewhere, await tab(elsewhere));
    const page = await new Browser().open(way);
    expect(shows(page)).toEqual([400, "Your browser sent no cookie back"]);
    expect(plainText(page)).toContain("Allow cookies for this site");
  });

  test("is told so, on the page of a program's login", async () => {
    const begun = await fetch(codeRequest(broker.issuer, "gx1").url, { redirect: "manual" });
    const to = new URL(begun.headers.get("location") ?? "", broker.issuer).href;
    expect(shows(await new Browser().open(to))).toEqual([400, "Your browser sent no cookie back"]);
  });
});

test("S-68: a sign-in that cannot be written down begins no session", async () => {
  const browser = new Browser();
  const way = await back(browser, await tab(browser));
  const list = vi.spyOn(broker.broker.store, "put");
  cut = "login.succeeded";
  expect((await browser.open(way)).status).toBe(503);
  expect(list.mock.calls.map(([kind]) => kind.name)).not.toContain("session");
  list.mockRestore();
  cut = undefined;
  expect(browser.cookie("cloudpass")).toBeUndefined();
});
