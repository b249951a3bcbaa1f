import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults, RunOptions } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openLoopbackRedirect } from "../../src/cli/loopback-redirect.ts";
import { systemClock } from "../../src/core/index.ts";
import type { Booted } from "../support/boot.ts";
import { bootGallery, walkGallery } from "../support/gallery.ts";
import { startRealBrowser } from "../support/real-browser.ts";

let browser: Browser;
let broker: Booted;
beforeAll(async () => {
  browser = await startRealBrowser();
});
afterAll(() => browser?.close());
// A broker for each walk: walks type wrong codes, and too many of them are refused.
beforeEach(async () => {
  broker = await bootGallery();
});
afterEach(() => broker.stop());

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  resultTypes: ["violations"],
};

/** What axe finds wrong, one line each. */
async function violations(page: Page): Promise<string[]> {
  // Into the browser by its debugger: the page itself allows no script.
  await page.evaluate(axe);
  const found = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run(options),
    rules as object,
  );
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 120)} ${n.failureSummary}`));
}

/** Pixels that a page is wider than its window. */
const overhang = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");

/**
 * What the Tab key reaches, in its order, and what stands on the page, in reading order. Of radio buttons one is reached, and the
 * arrow keys choose; a date has a stop for each of its parts.
 */
async function focusOrder(page: Page): Promise<{ reached: string[]; there: string[]; unseen: string[] }> {
  const there =
    (await page.evaluate(`[...document.querySelectorAll("a[href], button, input:not([type=hidden]):not([type=radio]:not(:checked)), select, textarea, summary")]
    .map((e, i) => (e.setAttribute("data-place", String(i)), i + " " + e.outerHTML.slice(0, 60).replace(/ data-place="\\d+"/, "")))`)) as string[];
  const [reached, unseen]: [string[], string[]] = [[], []];
  await page.evaluate("document.body.setAttribute('tabindex', '-1'), document.body.focus()");
  let last = -2;
  for (let presses = 0; reached.length < there.length && presses < there.length + 20; presses++) {
    await page.keyboard.press("Tab");
    const { place, outline } = (await page.evaluate(`(() => {
      const e = document.activeElement, s = getComputedStyle(e);
      return { place: Number(e.getAttribute("data-place") ?? -1), outline: s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 };
    })()`)) as { place: number; outline: boolean };
    if (place !== last) reached.push(there[place] ?? "nothing");
    last = place;
    if (!outline) unseen.push(there[place] ?? "nothing");
  }
  return { reached, there, unseen };
}

const ways = (["en-GB", "de-DE"] as const).flatMap((locale) =>
  [360, 1024].flatMap((width) => (["light", "dark"] as const).map((colorScheme) => ({ locale, width, colorScheme }))),
);

/** Of so many pages the wide window is judged in each language and each theme, and not in all four ways. */
const judged = ways.filter(
  ({ locale, width, colorScheme }) => width === 360 || (locale === "en-GB") === (colorScheme === "light"),
);

describe("every page, judged in a real browser", () => {
  test.each(judged)("$locale, $width pixels, $colorScheme: nothing keeps anybody out", async (way) => {
    const { locale, width, colorScheme } = way;
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 740 } });
    const found: Record<string, unknown> = {};
    const seen: string[] = [];
    await walkGallery(context, broker, async (name, page) => {
      seen.push(name);
      const wrong = await violations(page);
      if (wrong.length > 0) found[`${name}: axe`] = wrong;
      const over = await overhang(page);
      if (over > 0) found[`${name}: wider than the window`] = over;
      const language = await page.evaluate("document.documentElement.lang");
      if (language !== locale.slice(0, 2)) found[`${name}: language`] = language;
    });
    await context.close();
    expect(found).toEqual({});
    expect(seen.length).toBeGreaterThanOrEqual(22);
  });

  test("by keyboard alone: the Tab key goes in reading order, reaches everything, and one sees where it is", async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const found: Record<string, unknown> = {};
    await walkGallery(context, broker, async (name, page) => {
      const { reached, there, unseen } = await focusOrder(page);
      if (reached.join("\n") !== there.join("\n")) found[name] = { reached, there };
      if (unseen.length > 0) found[`${name}: focus not seen`] = unseen;
    });
    await context.close();
    expect(found).toEqual({});
  });

  test("at 320 pixels (a window of 1280 at 400 %) and with doubled text nothing is cut off", async () => {
    const context = await browser.newContext({ locale: "de-DE", viewport: { width: 320, height: 640 } });
    const found: Record<string, unknown> = {};
    await walkGallery(context, broker, async (name, page) => {
      const narrow = await overhang(page);
      await page.setViewportSize({ width: 640, height: 640 });
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      const large = await overhang(page);
      await page.setViewportSize({ width: 320, height: 640 });
      if (narrow > 0 || large > 0) found[name] = { narrow, large };
    });
    await context.close();
    expect(found).toEqual({});
  });
});

describe("without JavaScript", () => {
  test("every page works, and none asks for anything from elsewhere", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const foreign: string[] = [];
    context.on("request", (request) => {
      const { origin } = new URL(request.url());
      if (![broker.issuer, broker.idp.issuer].includes(origin)) foreign.push(request.url());
    });
    const headings: Record<string, string> = {};
    const noStatement: string[] = [];
    await walkGallery(context, broker, async (name, page) => {
      headings[name] = ((await page.locator("h1").textContent()) ?? "").replace(/\d{4}-\d{2}-\d{2}/, "DAY");
      if ((await page.locator('footer a[href="/accessibility"]').count()) !== 1) noStatement.push(name);
    });
    await context.close();
    expect(noStatement, "lead to the accessibility statement").toEqual([]);
    expect(headings).toEqual({
      access: "Ask for rights",
      "access-asked": "Request: auditor",
      "access-problem": "Error: Ask for rights",
      accessibility: "Accessibility statement",
      account: "Your sessions and logins",
      "account-ended": "Your sessions and logins",
      "another-network": "Started on another network",
      authorize: "Log in to a program?",
      "authorize-refused": "This link or form is not complete",
      choose: "Choose where to sign in",
      confirm: "Is this you?",
      "confirm-far": "Is this you?",
      "confirm-far-allowed": "Is this you?",
      "confirm-far-wrong": "Is this you?",
      done: "Logged in",
      ended: "Ended",
      "console-came-too-late": "End everything of Alice Ahrens?",
      "console-changes": "Changes",
      "console-changes-saved": "What became of it",
      "console-changes-undone": "What became of it",
      "console-directory": "Directory",
      "console-directory-problem": "Error: Directory",
      "console-directory-token": "A new token",
      "console-end": "End everything of Alice Ahrens?",
      "console-give": "Give something",
      "console-give-person": "Give something",
      "console-give-preview": "Is this what you want?",
      "console-give-problem": "Error: Give something",
      "console-grant": "dm",
      "console-grants": "Grants",
      "console-invite": "Invite somebody",
      "console-invite-many": "Error: Invite many",
      "console-invite-problem": "Error: Invite somebody",
      "console-member": "Zoe Zahn",
      "console-member-password": "A password for one sign-in",
      "console-member-remove": "Remove Zoe Zahn?",
      "console-members": "Members",
      "console-none-found": "People",
      "console-not-found": "There is nothing here",
      "console-people": "People",
      "console-person": "Alice Ahrens",
      "console-place": "gx1: dev",
      "console-places": "Who has what where",
      "console-project": "dev, gx1",
      "console-project-disable": "Disable dev, gx1?",
      "console-project-made": "Project shop",
      "console-project-new": "Make a project",
      "console-project-problem": "Error: Make a project",
      "console-projects": "Projects",
      "console-request": "auditor: Bob Behrens",
      "console-request-approved": "auditor: Bob Behrens",
      "console-request-preview": "Approve what Bob Behrens asks for?",
      "console-requests": "Requests",
      "console-review": "Review of DAY",
      "console-review-decided": "Review of DAY",
      "console-review-preview": "Is this what you want?",
      "console-review-result": "Review of DAY",
      "console-reviews": "Reviews",
      "console-rule": "Change developer",
      "console-rule-refused": "Change developer",
      "console-rules": "Sets and tests",
      "console-take-back": "Take auditor-person-alice back?",
      "console-take-back-refused": "audit-console cannot be taken back like this",
      "decided-before": "Decided before",
      "enter-code": "Log in a terminal",
      "enter-link": "Log in a terminal",
      leaving: "On to your organization",
      "malformed-code": "Log in a terminal",
      "not-found": "There is nothing here",
      "provider-failed": "Your organization’s sign-in ended with an error",
      refused: "Refused",
      returning: "Back to your program",
      "sign-in": "Sign in",
      "sign-in-over": "The sign-in took too long",
      "sign-in-again": "You are signed in already",
      "sign-out": "Sign out?",
      "signed-out": "Signed out",
      "unknown-code": "This code is not known",
    });
    expect(foreign.filter((url) => !url.startsWith("http://127.0.0.1:9/"))).toEqual([]);
  });
});

describe("the page on the command's own port, where its login ends", () => {
  test.each(ways)("$locale, $width pixels, $colorScheme: nothing keeps anybody out", async (way) => {
    const { locale, width, colorScheme } = way;
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 740 } });
    const door = await openLoopbackRedirect();
    try {
      const page = await context.newPage();
      const arrived = door.arrival(systemClock, { seconds: 60, fix: "", state: "s" });
      void arrived.then((arrival) => arrival.answer("logged in"));
      await page.goto(`${door.redirectUri}?code=c&state=s`);
      expect(await page.textContent("h1")).toBe(locale === "de-DE" ? "Angemeldet" : "Logged in");
      expect(await page.evaluate("document.documentElement.lang")).toBe(locale.slice(0, 2));
      expect(await page.evaluate("getComputedStyle(document.body).maxWidth"), "its one style is allowed").not.toBe(
        "none",
      );
      expect(await violations(page)).toEqual([]);
      expect(await overhang(page)).toBe(0);
    } finally {
      door.close();
      await context.close();
    }
  });
});
