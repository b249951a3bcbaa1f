import { beforeEach, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, decodeEntities, forms, heading, type Page } from "../../support/browser.ts";
import { askConsole, consoleToken } from "../../support/console-login.ts";
import { embeddedVisitor, signIn } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { inMemoryMembers } from "../../support/members-in-memory.ts";
import { shared } from "../../support/shared.ts";

// What destroys wants a proof of a class that the operator names, of the last quarter of an hour (RFC 9470).

const clock = heldClock();
const house = inMemoryMembers((alias) => (alias === "customer-a-idp" ? "customer-a" : undefined));
const broker = shared(() => boot({ clock, members: house.access, upstreamYaml: 'stepUpAcr: [gold, "2"]' }));
const at = (path: string) => `${broker.issuer}/console${path}`;
let acr: string | undefined;
beforeEach(() => {
  acr = undefined;
  broker.idp.alter = (claims) => (acr === undefined ? claims : { ...claims, acr });
});

async function visitor(name = "alice"): Promise<Browser> {
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/login?to=console`, embeddedVisitor(`${name}@a.example`));
  return browser;
}

/** The form that ends all of somebody. */
async function formIn(browser: Browser, name: string): Promise<Page> {
  clock.advance(31);
  const people = await browser.open(at(`/customer-a/people?search=${name}`));
  const [, sub] = /people\/(p-[0-9a-f]+)/.exec(people.text) ?? [];
  return browser.open(at(`/customer-a/people/${sub}/end`));
}

/** Signs in once more, from the page that asks for the e-mail address; answers what the realm was asked, and the page after. */
async function signInAgain(browser: Browser, page: Page) {
  const leaving = await browser.submit(page, { email: "alice@a.example" }, { stopAt: broker.idp.issuer });
  const asked = new URL(leaving.stopped ?? "").searchParams;
  const next = await browser.open(decodeEntities(leaving.stopped ?? ""));
  const done = forms(next).some(({ id }) => id === "login")
    ? await embeddedVisitor("alice@a.example").signIn(browser, next)
    : next;
  return { asked, done };
}

describe("an act that destroys, where the operator names classes of proof", () => {
  test("is not done after a plain sign-in, however fresh, and is done after one of these classes", async () => {
    await visitor("guest");
    const browser = await visitor();
    const form = await formIn(browser, "guest");
    const led = await browser.submit(form, {});
    expect(heading(led)).toBe("Sign in");
    acr = "gold";
    const { asked, done } = await signInAgain(browser, led);
    expect([asked.get("acr_values"), asked.get("max_age")]).toEqual(["gold 2", "0"]);
    expect(heading(done)).toBe("End everything of Gerd Gast?");
    expect(heading(await browser.submit(done, {}))).toBe("Ended");
  });

  test("a realm that answers with another class is told so, once, and nothing is done", async () => {
    const bob = await visitor("bob");
    const browser = await visitor();
    const led = await browser.submit(await formIn(browser, "bob"), {});
    acr = "1";
    const { done } = await signInAgain(browser, led);
    expect([done.status, heading(done)]).toEqual([403, "A stronger proof is needed"]);
    expect(heading(await bob.open(`${broker.issuer}/account`))).toBe("Your sessions and logins");
    // What needs no such proof still works.
    expect(heading(await browser.open(at("/customer-a/people")))).toBe("People");
  });

  test("is asked for by the API, too", async () => {
    await visitor("bob");
    clock.advance(31);
    const plain = await consoleToken(broker.issuer, "alice@a.example");
    const found = await askConsole(broker.issuer, plain, "/tenants/customer-a/people?search=bob");
    const [{ sub }] = found.body["items"] as [{ sub: string }];
    const path = `/tenants/customer-a/people/${sub}/end`;
    const response = await fetch(`${broker.issuer}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${plain}` },
    });
    expect([response.status, response.headers.get("www-authenticate")]).toEqual([
      401,
      expect.stringMatching(/insufficient_user_authentication.*, max_age="900", acr_values="gold 2"$/),
    ]);
    acr = "2";
    const strong = await consoleToken(broker.issuer, "alice@a.example");
    expect((await askConsole(broker.issuer, strong, path, { method: "POST" })).status).toBe(200);
  });

  test("is wanted for a password for one sign-in, which could be used, and for no mail", async () => {
    const zoe = { email: "zoe@c.example", first_name: "Zoe", last_name: "Z" };
    const plain = await consoleToken(broker.issuer, "alice@a.example");
    const ask = (token: string | undefined, by: string) =>
      fetch(`${broker.issuer}/api/v1/tenants/customer-a/members`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ ...zoe, by }),
      });
    expect((await ask(plain, "password")).status).toBe(401);
    const browser = await visitor();
    const typed = { email: "zoe@c.example", "first-name": "Zoe", "last-name": "Z" };
    const led = await browser.submit(await browser.open(at("/customer-a/invite")), { ...typed, by: "password" });
    expect(heading(led)).toBe("Sign in");
    expect(house.accounts.size).toBe(0);
    acr = "gold";
    const { done } = await signInAgain(browser, led);
    expect(done.text).toContain('value="zoe@c.example"');
    expect(heading(await browser.submit(done, { by: "password" }))).toBe("A password for one sign-in");
    acr = undefined;
    expect((await ask(await consoleToken(broker.issuer, "alice@a.example"), "mail")).status).toBe(200);
  });
});
