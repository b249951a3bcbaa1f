import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading, type Page } from "../../support/browser.ts";
import { codeRequest, decideCode, loopback, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

const bob = embeddedVisitor("bob@a.example");
const ask = (more: Record<string, string> = {}) => codeRequest(broker.issuer, "prod1", more);
const told = (page: Page) => new URL(page.stopped ?? "http://nowhere").searchParams.get("error");
const confirmation = "Log in to a program?";

/** A browser in which Bob is signed in since some seconds, here and at his identity provider. */
async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  await decideCode(ask(), bob, "approve", browser);
  clock.advance(5);
  return browser;
}

/** The same browser without our own session: his identity provider still remembers him. */
async function rememberedUpstream(): Promise<Browser> {
  const browser = await signedIn();
  browser.setCookie(broker.issuer, "cloudpass", "gone");
  return browser;
}

/** Follows a request to our sign-in and on to the identity provider; answers what that one shows first. */
async function atProvider(browser: Browser, more: Record<string, string>): Promise<Page> {
  const page = await browser.open(ask(more).url);
  expect(heading(page)).toBe("Sign in");
  return browser.submit(page, { email: bob.email });
}
const asksForPassword = (page: Page) => forms(page).some((form) => form.id === "login");

describe("prompt=none", () => {
  test("shows nothing: login_required without a session, consent_required with one", async () => {
    const browser = new Browser();
    expect(told(await browser.open(ask({ prompt: "none" }).url, loopback))).toBe("login_required");
    expect(told(await (await signedIn()).open(ask({ prompt: "none" }).url, loopback))).toBe("consent_required");
  });

  test("with another value is an error", async () => {
    expect(told(await new Browser().open(ask({ prompt: "none login" }).url, loopback))).toBe("invalid_request");
  });

  test("is login_required when max_age asks for a newer sign-in", async () => {
    const browser = await signedIn();
    expect(told(await browser.open(ask({ prompt: "none", max_age: "2" }).url, loopback))).toBe("login_required");
  });
});

describe("prompt=login", () => {
  test("wants a new sign-in although a session lives, and is then content", async () => {
    const browser = await signedIn();
    expect(heading(await browser.open(ask().url))).toBe(confirmation);
    const again = await atProvider(browser, { prompt: "login" });
    expect(asksForPassword(again)).toBe(true);
    const page = await browser.submit(again, { username: "bob", password: "bob" }, { formId: "login" });
    expect(heading(page)).toBe(confirmation);
    clock.advance(30);
    expect((await browser.submit(page, { decision: "approve" }, { stopAt: loopback })).stopped).toContain("code=");
  });

  test("reaches the identity provider, which remembers the person when we do not", async () => {
    expect(asksForPassword(await atProvider(await rememberedUpstream(), {}))).toBe(false);
    expect(asksForPassword(await atProvider(await rememberedUpstream(), { prompt: "login" }))).toBe(true);
  });
});

test.each(["consent", "select_account", "login consent"])("prompt=%s is answered with the page", async (prompt) => {
  expect(heading(await toCodeConfirmation(ask({ prompt }), bob, await signedIn()))).toBe(confirmation);
});

describe("max_age", () => {
  test("wants a new sign-in when the last one is older, to the second", async () => {
    const browser = await signedIn();
    expect(heading(await browser.open(ask({ max_age: "5" }).url))).toBe(confirmation);
    clock.advance(1);
    expect(asksForPassword(await atProvider(browser, { max_age: "5" }))).toBe(true);
  });

  test("is not satisfied by an old sign-in that the identity provider remembers", async () => {
    expect(asksForPassword(await atProvider(await rememberedUpstream(), { max_age: "1" }))).toBe(true);
  });

  test("of zero wants one now, and once: whoever reads the page for a minute is not sent back", async () => {
    const browser = await signedIn();
    const page = await bob.signIn(browser, await atProvider(browser, { max_age: "0" }));
    expect(heading(page)).toBe(confirmation);
    clock.advance(60);
    expect((await browser.submit(page, { decision: "approve" }, { stopAt: loopback })).stopped).toContain("code=");
  });

  test("2: the ID token then says when the person signed in", async () => {
    const request = ask({ max_age: "600" });
    const signedInAt = clock.now();
    const browser = new Browser();
    const page = await toCodeConfirmation(request, bob, browser);
    clock.advance(90);
    const end = await browser.submit(page, { decision: "approve" }, { stopAt: loopback });
    const { body } = await redeemCode(broker.issuer, "prod1", request, new URL(end.stopped ?? ""));
    // The identity provider's clock is the machine's, and may be a second before ours.
    expect([signedInAt - 1, signedInAt]).toContain(claimsOf(body["id_token"])["auth_time"]);
  });

  test("that is no number is an error", async () => {
    expect(told(await new Browser().open(ask({ max_age: "soon" }).url, loopback))).toBe("invalid_request");
  });
});
