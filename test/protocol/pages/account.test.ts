import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, type Form, forms, heading, type Page, plainText } from "../../support/browser.ts";
import { embeddedVisitor, type JsonAnswer, signIn } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";

const clock = heldClock();
let broker: Booted;
beforeAll(async () => {
  const people = Object.fromEntries(
    ["ann", "ben", "eve"].map((name) => [
      name,
      { name, email: `${name}@a.example`, groups: ["developers"], password: name },
    ]),
  );
  broker = await boot({ clock, yaml: "trustedProxies: [127.0.0.1]", people: { "customer-a-idp": people } });
});
afterAll(() => broker.stop());

const desk = { "x-forwarded-for": "198.51.100.7", "user-agent": "Desk browser" };
const phone = { "x-forwarded-for": "203.0.113.5", "user-agent": "Phone browser" };
const signedIn = async (who: string, headers: Record<string, string> = desk): Promise<Browser> => {
  const browser = new Browser(headers);
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor(`${who}@a.example`));
  return browser;
};
const account = (browser: Browser): Promise<Page> => browser.open(`${broker.issuer}/account`);
const program = (who: string, client_id = "console-tool"): Promise<JsonAnswer> =>
  logIn(
    broker.issuer,
    { client_id, scope: renewable },
    { email: `${who}@a.example`, headers: { "x-forwarded-for": "192.0.2.9" } },
  );
const still = async (login: JsonAnswer, client_id = "console-tool") =>
  outcome(await refresh(broker.issuer, login.body["refresh_token"], { client_id }));
const endForms = (page: Page): Form[] => forms(page).filter((f) => f.action.endsWith("/account/end"));
const audited = (event: string) => broker.lines.filter((l) => l.includes(`"event":"${event}"`)).length;

/** Ends all that the earlier tests left. */
beforeEach(async () => {
  for (const who of ["ann", "ben"]) {
    const browser = await signedIn(who);
    const all = endForms(await account(browser)).at(-1);
    if (all) await browser.send(all, {});
    for (const form of endForms(await account(browser))) await browser.send(form, { reason: "end" });
  }
});

describe("a person's own sessions and logins", () => {
  test("are shown after signing in, and to the very page one comes back", async () => {
    const browser = new Browser(desk);
    const page = await signIn(browser, `${broker.issuer}/account`, embeddedVisitor("ann@a.example"));
    expect([new URL(page.url).pathname, heading(page)]).toEqual(["/account", "Your sessions and logins"]);
  });

  test("say program, how, from where, since when, last renewed and until when", async () => {
    const login = await program("ann", "gx1");
    clock.advance(200);
    await refresh(broker.issuer, login.body["refresh_token"], { client_id: "gx1" });
    clock.advance(400);
    const browser = await signedIn("ann");
    const text = plainText(await account(browser));
    for (const part of [
      "OpenStack cloud gx1 Since 10 minutes ago",
      "Confirmed with a code from a terminal",
      "From 192.0.2.9",
      "Last renewed 6 minutes ago",
      "Until in 11 hours",
      "This browser Browser Since a moment ago",
      "From 198.51.100.7 Calls itself Desk browser",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("end one by one: the login that was ended, and no other", async () => {
    const first = await program("ann");
    clock.advance(1);
    const second = await program("ann", "gx1");
    const browser = await signedIn("ann");
    const page = await account(browser);
    const form = endForms(page).find((f) => f.fields["what"] === "login");
    const after = await browser.send(form as Form, { reason: "end" });
    expect(plainText(after)).toContain("Ended. The program or browser gets nothing more.");
    // The latest stands first.
    expect([await still(second, "gx1"), await still(first)]).toEqual(["400 invalid_grant", "200"]);
  });

  test("this was not me: ends it as well, and the operator's audit says so", async () => {
    const login = await program("ann");
    const before = audited("login.disowned");
    const browser = await signedIn("ann");
    const form = endForms(await account(browser)).find((f) => f.fields["what"] === "login");
    const after = await browser.send(form as Form, { reason: "disowned" });
    expect(plainText(after)).toContain("written down as not started by you");
    expect([await still(login), audited("login.disowned")]).toEqual(["400 invalid_grant", before + 1]);
  });

  test("another browser is ended from this one, which stays", async () => {
    const [here, third] = [await signedIn("ann"), await signedIn("ann")];
    const there = await signedIn("ann", phone);
    const page = await account(here);
    expect(plainText(page)).toContain("From 203.0.113.5 Calls itself Phone browser");
    const card = page.text.split("<section").find((part) => part.includes("Phone browser")) ?? "";
    const [form] = forms({ ...page, text: card });
    const before = audited("session.ended");
    await here.send(form as Form, { reason: "end" });
    expect(audited("session.ended")).toBeGreaterThan(before);
    expect(heading(await account(there))).toBe("Sign in");
    for (const other of [here, third]) expect(heading(await account(other))).toBe("Your sessions and logins");
  });

  test("all at once: every program and every other browser", async () => {
    const logins = [await program("ann"), await program("ann")];
    const [here, there] = [await signedIn("ann"), await signedIn("ann", phone)];
    const all = endForms(await account(here)).find((f) => f.fields["what"] === "all");
    const after = plainText(await here.send(all as Form, {}));
    for (const part of ["All logins and other sessions are ended.", "No program is logged in.", "no other browser"]) {
      expect(after).toContain(part);
    }
    expect(await Promise.all(logins.map((l) => still(l)))).toEqual(["400 invalid_grant", "400 invalid_grant"]);
    expect(heading(await account(there))).toBe("Sign in");
  });

  test("signing out leads to its own question first", async () => {
    const browser = await signedIn("ann");
    expect((await account(browser)).text).toContain('href="/end_session"');
    expect(heading(await browser.open(`${broker.issuer}/end_session`))).toBe("Sign out?");
    expect(heading(await account(browser)), "and asking ends nothing").toBe("Your sessions and logins");
  });
});

describe("S-46: nobody else's", () => {
  test("is shown", async () => {
    await program("ben", "gx1");
    expect(plainText(await account(await signedIn("ann")))).not.toContain("OpenStack cloud gx1");
  });

  test("can be ended: not by its id, not with a token of one's own", async () => {
    const login = await program("ben");
    const [ann, ben] = [await signedIn("ann"), await signedIn("ben")];
    await program("ann");
    const theirs = endForms(await account(ben)).find((f) => f.fields["what"] === "login");
    const mine = endForms(await account(ann)).find((f) => f.fields["what"] === "login");
    expect((await ann.send(theirs as Form, { reason: "end" })).status, "their form").toBe(403);
    const id = String(theirs?.fields["id"]);
    expect((await ann.send(mine as Form, { reason: "end", id })).status, "my form with their id").toBe(403);
    expect(await still(login)).toBe("200");
  });

  test("looking at the page changes nothing, and a form that says nothing is refused", async () => {
    const login = await program("ann");
    const browser = await signedIn("ann");
    for (const query of ["", "?ended=all", "?what=all", "?ended=<script>"]) {
      await browser.open(`${broker.issuer}/account${query}`);
    }
    expect((await browser.open(`${broker.issuer}/account/end?what=all`)).status).toBe(405);
    const form = endForms(await account(browser))[0] as Form;
    for (const values of [{ what: "" }, { what: "everything" }, { id: "" }]) {
      expect((await browser.send(form, values)).status).toBe(400);
    }
    expect(await still(login)).toBe("200");
    const nobody = new Browser();
    expect((await nobody.send(form, {})).status).toBe(401);
  });
});
