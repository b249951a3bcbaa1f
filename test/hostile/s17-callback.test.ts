import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading, type Page } from "../support/browser.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

/** Signs in at the identity provider and stops on the way back. */
async function almostBack(browser: Browser, user = "bob"): Promise<string> {
  const first = await browser.open(`${broker.issuer}/login?tenant=customer-a`);
  const page = await browser.submit(
    first,
    { username: user, password: user },
    { formId: "login", stopAt: `${broker.issuer}/login/callback` },
  );
  if (page.stopped === undefined) throw new Error(`not on the way back: ${heading(page)}`);
  return page.stopped;
}
const shows = (page: Page) => [page.status, heading(page)];
const signedIn = [200, "Log in a terminal"];

describe("S-17: the way back from the identity provider", () => {
  test("works once: the same address again leads on as the first time, for a minute, and to no second session", async () => {
    const browser = new Browser();
    const back = await almostBack(browser);
    expect(shows(await browser.open(back))).toEqual(signedIn);
    const session = browser.cookie("cloudpass");
    const begun = () => broker.lines.filter((l) => l.includes('"event":"login.succeeded"')).length;
    const before = begun();
    expect(shows(await browser.open(back))).toEqual(signedIn);
    expect([browser.cookie("cloudpass"), begun()]).toEqual([session, before]);
    clock.advance(61);
    expect(shows(await browser.open(back))).toEqual([400, "The sign-in took too long"]);
  });

  test("works in no other browser, not even just after", async () => {
    const browser = new Browser();
    const back = await almostBack(browser);
    await browser.open(back);
    const thief = new Browser();
    await almostBack(thief);
    expect(shows(await thief.open(back))).toEqual([403, "This sign-in began in another browser"]);
    expect(thief.cookie("cloudpass")).toBeUndefined();
  });

  test("works once: a used state is refused even with a fresh code", async () => {
    const browser = new Browser();
    const [used, fresh] = [new URL(await almostBack(browser)), new URL(await almostBack(new Browser()))];
    await browser.open(used.href);
    used.searchParams.set("code", fresh.searchParams.get("code") ?? "");
    expect((await browser.open(used.href)).status).toBe(400);
  });

  test("does not sign a victim in as the attacker: a callback in another browser is refused, and is spent", async () => {
    const attacker = new Browser();
    const back = await almostBack(attacker);
    const victim = new Browser();
    await almostBack(victim);
    expect(shows(await victim.open(back))).toEqual([403, "This sign-in began in another browser"]);
    expect(victim.cookie("cloudpass")).toBeUndefined();
    expect((await attacker.open(back)).status).toBe(400);
  });

  test("is refused with a forged binding cookie", async () => {
    const browser = new Browser();
    const back = await almostBack(browser);
    for (const [name] of browser.cookiesLike("cloudpass-login-")) browser.setCookie(broker.issuer, name, "guess");
    expect((await browser.open(back)).status).toBe(403);
  });

  test("does not take another sign-in's code (the code is bound by PKCE and nonce)", async () => {
    const browser = new Browser();
    const mine = new URL(await almostBack(browser));
    mine.searchParams.set("code", new URL(await almostBack(new Browser(), "alice")).searchParams.get("code") ?? "");
    expect((await browser.open(mine.href)).status).toBe(403);
  });

  test("is over after ten minutes", async () => {
    const browser = new Browser();
    const back = await almostBack(browser);
    clock.advance(600);
    expect((await browser.open(back)).status).toBe(400);
  });

  test.each<[string, string]>([
    ["no state", "code=x"],
    ["an unknown state", "code=x&state=guess"],
    ["an error without a state", "error=access_denied"],
    ["nothing", ""],
  ])("with %s is a readable page, and nobody is signed in", async (_what, query) => {
    const browser = new Browser();
    expect((await browser.open(`${broker.issuer}/login/callback?${query}`)).status).toBe(400);
    expect(browser.cookie("cloudpass")).toBeUndefined();
  });

  test("with the identity provider's refusal says so; what it says reaches no log", async () => {
    const browser = new Browser();
    const back = new URL(await almostBack(browser));
    back.searchParams.delete("code");
    back.searchParams.set("error", "<script>CANARY</script>");
    const page = await browser.open(back.href);
    expect(shows(page)).toEqual([403, "The sign-in did not succeed"]);
    expect(page.text + broker.lines.join("")).not.toContain("CANARY");
  });
});
