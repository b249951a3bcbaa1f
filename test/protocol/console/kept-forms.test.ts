import { describe, expect, test } from "vitest";
import { Browser, type Form, forms, heading, type Page } from "../../support/browser.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { bootWithRepository } from "../../support/tenant-repository.ts";

// Whoever comes back after lunch and sends a form signs in first, and finds what was typed.

const clock = heldClock();
const broker = shared(() => bootWithRepository({ clock }));
const at = (path: string) => `${broker.issuer}/console${path}`;
const typed = { set: "auditor", to: "group", group: "reviewers", reason: "typed before lunch" };
const afterLunch = 31 * 60;

async function visitor(name = "alice"): Promise<Browser> {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor(`${name}@a.example`));
  return browser;
}

/** From the sign-in page, to which a form led, to where that leads. */
async function signInAgain(browser: Browser, page: Page, name = "alice"): Promise<Page> {
  expect(heading(page)).toBe("Sign in");
  const next = await browser.submit(page, { email: `${name}@a.example` });
  // The identity provider may remember the person.
  return forms(next).some(({ id }) => id === "login")
    ? embeddedVisitor(`${name}@a.example`).signIn(browser, next)
    : next;
}

/** A form that was filled in, and sent when the session was over. */
async function sentTooLate(browser: Browser, path = "/customer-a/give", values: Record<string, string> = typed) {
  const form = await browser.open(at(path));
  clock.advance(afterLunch);
  return browser.submit(form, { ...values, step: "preview" });
}

describe("a form that is sent after the session's end", () => {
  test("comes back with what was typed, and goes on as it would have", async () => {
    const browser = await visitor();
    const head = await broker.head();
    const back = await signInAgain(browser, await sentTooLate(browser));
    expect([back.status, heading(back)]).toEqual([200, "Give something"]);
    expect(back.text).toContain('value="typed before lunch"');
    expect(back.text).toContain('value="reviewers"');
    expect(await broker.head()).toBe(head);
    const shown = await browser.submit(back, { "at.gx1": "yes", step: "preview" });
    expect(heading(shown)).toBe("Is this what you want?");
  });

  test("has nothing of it in an address, nor readable in the store", async () => {
    const browser = await visitor();
    const addresses = browser.trace.length;
    const page = await sentTooLate(browser);
    expect(page.url).not.toMatch(/typed|reviewers|lunch/);
    await signInAgain(browser, page);
    expect(browser.trace.slice(addresses).join()).not.toMatch(/typed|reviewers|lunch/);
    const form = await browser.open(page.url);
    expect(JSON.stringify(forms(form))).not.toMatch(/typed|reviewers|lunch/);
  });

  test("is shown to nobody else who signs in there", async () => {
    const browser = await visitor();
    const form = await browser.open(at("/customer-a/give"));
    clock.advance(afterLunch);
    // At the same browser, whose identity provider knows nobody any more.
    const shared = new Browser();
    shared.setCookie(broker.issuer, "cloudpass", browser.cookie("cloudpass") ?? "");
    const page = await shared.submit(form, { ...typed, step: "preview" });
    const seen = await signInAgain(shared, page, "bob");
    expect([seen.status < 500, seen.text.match(/typed before lunch|reviewers/)]).toEqual([true, null]);
    const other = await visitor("bob");
    const sealed = new URL(page.url).searchParams.get("at") ?? "";
    expect(sealed).not.toBe("");
    expect((await other.open(at(`/at?at=${sealed}`))).text).not.toMatch(/typed before lunch|reviewers/);
  });

  test("is kept for a quarter of an hour", async () => {
    const browser = await visitor();
    const page = await sentTooLate(browser);
    clock.advance(16 * 60);
    const seen = await signInAgain(browser, page);
    expect([seen.status, seen.text.includes("typed before lunch")]).toEqual([200, false]);
  });

  test("is not kept when it is not ours (S-16): no cookie, no token, another form's, another thing's", async () => {
    const browser = await visitor();
    const page = await browser.open(at("/customer-a/give"));
    const [form] = forms(page) as [Form];
    clock.advance(afterLunch);
    const tries: [Browser, Form][] = [
      [new Browser(), form],
      [browser, { ...form, fields: { ...form.fields, form_token: "x" } }],
      [browser, { ...form, fields: {} }],
      [browser, { ...form, action: at("/customer-b/give") }],
      [browser, { ...form, action: at("/customer-a/grants/dev/take-back") }],
    ];
    for (const [who, sent] of tries) {
      const answer = await who.send(sent, typed);
      expect([answer.status, heading(answer)]).toEqual([401, "Please sign in first"]);
    }
  });

  test("that takes something back, or undoes it, asks once more, and does nothing before", async () => {
    const browser = await visitor();
    const form = await browser.open(at("/customer-a/give"));
    const shown = await browser.submit(form, { ...typed, group: "short", "at.gx1": "yes", step: "preview" });
    await browser.submit(shown, { step: "save" });
    const head = await broker.head();
    const takeBack = await browser.submit(await browser.open(at("/customer-a/grants/auditor-group-short")), {});
    clock.advance(afterLunch);
    const back = await signInAgain(browser, await browser.submit(takeBack, {}));
    expect([heading(back), await broker.head()]).toEqual(["Take auditor-group-short back?", head]);
    const changes = await browser.open(at("/customer-a/changes"));
    clock.advance(afterLunch);
    const unsure = await signInAgain(browser, await browser.submit(changes, {}));
    expect([heading(unsure), await broker.head()]).toEqual(["Nothing has been done yet", head]);
    await browser.submit(unsure, {});
    expect(await broker.head()).not.toBe(head);
  });
});

describe("a page that is opened without a session", () => {
  test("is where the sign-in leads to", async () => {
    const browser = new Browser();
    const there = await signInAgain(browser, await browser.open(at("/customer-a/people?search=bob")));
    expect(new URL(there.url).pathname + new URL(there.url).search).toBe("/console/customer-a/people?search=bob");
  });

  test("a link of somebody else's leads to no other place", async () => {
    const browser = await visitor();
    for (const sealed of [
      "x",
      "",
      "..%2F..",
      "https%3A%2F%2Fevil.example",
      Buffer.from('["page","/x"]').toString("base64url"),
    ]) {
      const page = await browser.open(at(`/at?at=${sealed}`));
      expect(new URL(page.url).pathname).toMatch(/^\/console/);
    }
  });
});

describe("an act that wants somebody who proved lately who it is", () => {
  test("is asked for again after the proof, and done by one click", async () => {
    const bob = await visitor("bob");
    const browser = await visitor();
    clock.advance(31);
    const people = await browser.open(at("/customer-a/people?search=bob"));
    const [, sub] = /people\/(p-[0-9a-f]+)/.exec(people.text) ?? [];
    const form = await browser.open(at(`/customer-a/people/${sub}/end`));
    // Not idle, and not fresh any more.
    clock.advance(16 * 60);
    await browser.open(at("/customer-a/people"));
    const back = await signInAgain(browser, await browser.submit(form, {}));
    expect(heading(back)).toBe("End everything of Bob Behrens?");
    const account = async () => heading(await bob.open(`${broker.issuer}/account`));
    expect(await account()).toBe("Your sessions and logins");
    const ended = await browser.submit(back, {});
    expect([heading(ended), await account()]).toEqual(["Ended", "Sign in"]);
  });
});
