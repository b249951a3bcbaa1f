import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, heading, type Page, plainText } from "../support/browser.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

// Login CSRF: a link, an image or a frame of a strange page makes the browser sign in as somebody else. What the person does
// from then on happens in the attacker's name, or shows the attacker what was typed.

const broker = shared(boot);

const [bob, alice] = [embeddedVisitor("bob@a.example"), embeddedVisitor("alice@a.example")];
const link = () => `${broker.issuer}/login?tenant=customer-a&to=account`;
const who = async (browser: Browser) => {
  const text = plainText(await browser.open(`${broker.issuer}/account`));
  return /Signed in as (\w+)/.exec(text)?.[1] ?? "nobody";
};
const leads = (page: Page) => `${page.text}\n${page.url}`.includes(broker.idp.issuer);

async function signedIn(): Promise<Browser> {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/login?to=account`, bob);
  expect(await who(browser)).toBe("bob");
  return browser;
}

test("S-20: a mere link begins no sign-in for who is signed in: it says who that is, and nothing leads away", async () => {
  const browser = await signedIn();
  const session = browser.cookie("cloudpass");
  const before = browser.cookiesLike("cloudpass-login-");
  const page = await browser.open(link());
  expect([page.status, heading(page)]).toEqual([200, "You are signed in already"]);
  expect(plainText(page)).toContain("bob");
  expect(leads(page)).toBe(false);
  expect(browser.cookiesLike("cloudpass-login-"), "no further sign-in is under way").toEqual(before);
  expect([browser.cookie("cloudpass"), await who(browser)]).toEqual([session, "bob"]);
});

test("S-20: nor does the form behind it, sent by another site or without what our page put into it", async () => {
  const browser = await signedIn();
  await browser.open(link());
  const cookie = `cloudpass=${browser.cookie("cloudpass")}`;
  const send = async (form: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${broker.issuer}/login`, {
      method: "POST",
      redirect: "manual",
      headers: { cookie, ...headers },
      body: new URLSearchParams(form),
    });
  const other = new Browser();
  await signIn(other, `${broker.issuer}/login?to=account`, alice);
  const theirs = forms(await other.open(link())).flatMap((f) => f.inputs);
  const form_token = theirs.find((i) => i.name === "form_token")?.value ?? "";
  expect(form_token).not.toBe("");
  for (const form of [
    { tenant: "customer-a" },
    { tenant: "customer-a", form_token: "x" },
    { tenant: "customer-a", form_token },
  ]) {
    const answer = await send(form);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
  }
  expect((await send({ email: "alice@a.example" }, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  expect(await who(browser)).toBe("bob");
});

test("S-20: the person's own click signs in again, under a new session", async () => {
  const browser = await signedIn();
  const session = browser.cookie("cloudpass");
  // The identity provider remembers whom it knows, and sends the browser straight back.
  const page = await browser.submit(await browser.open(link()), {});
  expect(page.url).toBe(`${broker.issuer}/account`);
  expect(browser.cookie("cloudpass")).not.toBe(session);
});

test("who is not signed in follows the link as before", async () => {
  const page = await new Browser().open(link());
  expect(leads(page)).toBe(true);
});
