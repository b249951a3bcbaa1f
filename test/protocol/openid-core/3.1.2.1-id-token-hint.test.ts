import { expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading, type Page } from "../../support/browser.ts";
import { codeRequest, decideCode, loopback, redeemCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, signIn } from "../../support/device-login.ts";
import { forgerOf } from "../../support/forger.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));

const alice = embeddedVisitor("alice@a.example");
const bob = embeddedVisitor("bob@a.example");
const ask = (id_token_hint: string, more: Record<string, string> = {}) =>
  codeRequest(broker.issuer, "prod1", { id_token_hint, ...more });
const told = (page: Page) => new URL(page.stopped ?? "http://nowhere").searchParams.get("error");

/** A browser in which this person is signed in since some seconds, and an ID token of the login. */
async function signedIn(visitor: typeof bob): Promise<{ browser: Browser; idToken: string }> {
  const browser = new Browser();
  const request = codeRequest(broker.issuer, "prod1");
  const callback = await decideCode(request, visitor, "approve", browser);
  const { body } = await redeemCode(broker.issuer, "prod1", request, callback);
  clock.advance(5);
  return { browser, idToken: String(body["id_token"]) };
}

/** The identity provider forgets who is signed in there: another person can sign in. */
const forgetUpstream = (browser: Browser) => browser.setCookie(broker.idp.issuer, "_session", "gone");

test("3.1.2.1: whom the hint names is answered, also with an ID token whose time is over", async () => {
  const { browser, idToken } = await signedIn(bob);
  expect(heading(await browser.open(ask(idToken).url))).toBe("Log in to a program?");
  clock.advance(700);
  const request = ask(idToken);
  const { body } = await redeemCode(
    broker.issuer,
    "prod1",
    request,
    await decideCode(request, bob, "approve", browser),
  );
  expect(claimsOf(body["id_token"])["sub"]).toBe(claimsOf(idToken)["sub"]);
});

test("3.1.2.2: another person than the hint names is asked to sign in anew, and gets no token for it", async () => {
  const { idToken } = await signedIn(alice);
  const { browser } = await signedIn(bob);
  const request = ask(idToken);
  const first = await browser.open(request.url, loopback);
  expect(heading(first)).toBe("Sign in");
  const atProvider = await browser.submit(first, { email: bob.email }, { stopAt: loopback });
  expect(forms(atProvider).map((f) => f.id)).toContain("login");
  const back = await browser.submit(
    atProvider,
    { username: "bob", password: "bob" },
    { formId: "login", stopAt: loopback },
  );
  expect(told(back)).toBe("login_required");
  expect(new URL(back.stopped ?? "").searchParams.get("code")).toBeNull();
});

test("3.1.2.2: the person whom the hint names may sign in instead of the present one", async () => {
  const { idToken } = await signedIn(alice);
  const { browser } = await signedIn(bob);
  forgetUpstream(browser);
  const request = ask(idToken);
  const { body } = await redeemCode(
    broker.issuer,
    "prod1",
    request,
    await decideCode(request, alice, "approve", browser),
  );
  expect(claimsOf(body["id_token"])["sub"]).toBe(claimsOf(idToken)["sub"]);
});

test("3.1.2.2: with prompt=none another person is login_required, the same one is not", async () => {
  const { browser, idToken } = await signedIn(bob);
  const other = (await signedIn(alice)).idToken;
  expect(told(await browser.open(ask(other, { prompt: "none" }).url, loopback))).toBe("login_required");
  expect(told(await browser.open(ask(idToken, { prompt: "none" }).url, loopback))).toBe("consent_required");
});

test("a page opened before, in which another person signed in meanwhile, does not approve for that one", async () => {
  const { browser, idToken } = await signedIn(bob);
  const page = await browser.open(ask(idToken).url);
  clock.advance(5);
  forgetUpstream(browser);
  await signIn(browser, `${broker.issuer}/login?fresh=yes`, alice);
  const end = await browser.open(page.url, loopback);
  expect(told(end)).toBe("login_required");
  expect(told(await browser.open(page.url, loopback)), "loaded again").toBe("login_required");
  clock.advance(31);
  expect(heading(await browser.open(page.url, loopback)), "and is decided").toBe("Decided before");
});

/** One login for all hints that are refused: they leave it as it is. */
let login: Awaited<ReturnType<typeof signedIn>> | undefined;
test.each<[string, (idToken: string) => Promise<string>]>([
  ["no JWT", async () => "x"],
  ["an access token", async (t) => (await forgerOf(broker)).changed(t, {}, { typ: "at+jwt" })],
  ["a logout token", async (t) => (await forgerOf(broker)).changed(t, {}, { typ: "logout+jwt" })],
  ["another issuer's", async (t) => (await forgerOf(broker)).changed(t, { iss: "https://evil.example" })],
  ["a changed signature", async (t) => `${t.slice(0, -8)}AAAAAAAA`],
  ["alg none", async (t) => (await forgerOf(broker)).changed(t, {}, { alg: "none" }).replace(/[^.]+$/, "")],
])("a hint that is no ID token of ours (%s) is refused, not passed over", async (_what, hint) => {
  login ??= await signedIn(bob);
  const { browser, idToken } = login;
  expect(told(await browser.open(ask(await hint(idToken)).url, loopback))).toBe("invalid_request");
});
