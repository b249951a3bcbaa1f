import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, heading, type Page, plainText } from "../support/browser.ts";
import { type DeviceStart, embeddedVisitor, poll, postForm, signIn } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { keyHolder } from "../support/key-holder.ts";
import { shared } from "../support/shared.ts";

// The phisher's drill: somebody starts a device login and sends its link to a victim, who follows it, signs in and says
// yes to everything.

const broker = shared(() => boot({ yaml: "trustedProxies: [127.0.0.1]" }));
/** What the proxy says of the victim's browser. */
const desk = { "x-forwarded-for": "198.51.100.7" };

const attacker = { "x-forwarded-for": "203.0.113.66", "user-agent": '<b>Microsoft Teams</b>" onload="' };
const victim = embeddedVisitor("bob@a.example");
const lure = async () =>
  (
    await postForm(
      `${broker.issuer}/device_authorization`,
      { client_id: "cloudpass", scope: "openid offline_access" },
      attacker,
    )
  ).body as unknown as DeviceStart;
/** The attacker can make a key as well as anybody. */
const key = await keyHolder();
const asked = async (start: DeviceStart) => {
  const dpop = await key.proof("POST", `${broker.issuer}/token`);
  return outcome(await poll(broker.issuer, { client_id: "cloudpass", device_code: start.device_code }, { dpop }));
};

/** A browser that keeps every page it was shown. */
class Witness extends Browser {
  readonly seen: Page[] = [];
  override async open(url: string, stopAt?: string): Promise<Page> {
    return this.#keep(await super.open(url, stopAt));
  }
  override async submit(...args: Parameters<Browser["submit"]>): Promise<Page> {
    return this.#keep(await super.submit(...args));
  }
  #keep(page: Page): Page {
    this.seen.push(page);
    return page;
  }
}

test("S-07: flow started elsewhere, victim follows the complete link and signs in: with default settings no token", async () => {
  const start = await lure();
  const browser = new Witness();
  const entry = await signIn(browser, start.verification_uri_complete, victim);
  expect(heading(entry), "the link alone opens no confirmation").toBe("Log in a terminal");
  const confirm = await browser.submit(entry, {});
  expect(heading(confirm)).toBe("Is this you?");
  // Whatever the victim clicks, and however often.
  for (const values of [
    { decision: "approve" },
    { decision: "approve", tail: "" },
    { decision: "approve", tail: " " },
  ]) {
    const again = await browser.submit(confirm, values);
    expect([again.status, heading(again)]).toEqual([400, "Is this you?"]);
    expect(plainText(again)).toContain("The last four letters are missing");
    expect(await asked(start)).toBe("400 authorization_pending");
  }
  const tail = start.user_code.slice(-4);
  for (const page of browser.seen.filter((p) => p.url.startsWith(broker.issuer))) {
    expect(page.text, `no page shows the end of the code: ${page.url}`).not.toContain(tail);
    expect(page.url, "nor does an address bar").not.toContain(tail);
  }
  expect(broker.lines.join("\n"), "the audit says that it was challenged").toContain('"device.challenged"');
});

test("S-06, S-07: the victim sees who asks, from where, for what, that it is not here, and what that means", async () => {
  const start = await lure();
  const browser = new Browser(desk);
  const confirm = await browser.submit(await signIn(browser, start.verification_uri_complete, victim), {});
  const text = plainText(confirm);
  for (const part of [
    `${start.user_code.slice(0, -4)} ····`,
    "cloudpass command",
    "203.0.113.66",
    "198.51.100.7 (another network)",
    "This login was started on another network than that of your browser.",
    "If the code came to you in a message or a call, somebody else started this login.",
    "Did someone send you this link or code?",
    "stay logged in",
    "member on gx1",
    "all your clouds and clusters",
  ]) {
    expect(text).toContain(part);
  }
  expect(confirm.text, "what the attacker's program calls itself is text, not markup").not.toContain("<b>Microsoft");
  const buttons = forms(confirm).flatMap((f) => f.inputs.filter((i) => i.name === "decision").map((i) => i.value));
  expect(buttons, "refusing comes first").toEqual(["deny", "approve"]);
  await browser.submit(confirm, { decision: "deny" });
  expect(await asked(start)).toBe("400 access_denied");
});

test("a code that two people open is nobody's: a phisher who sends one lure to many loses it at the second click", async () => {
  const start = await lure();
  for (const [email, title] of [
    ["bob@a.example", "Is this you?"],
    ["alice@a.example", "This code is not known"],
  ] as const) {
    const browser = new Browser(desk);
    const entry = await signIn(browser, start.verification_uri_complete, embeddedVisitor(email));
    expect(heading(await browser.submit(entry, {}))).toBe(title);
  }
  expect(await asked(start)).toBe("400 access_denied");
});

test("what the attacker says about its own address is not believed", async () => {
  const forged = { "x-forwarded-for": "127.0.0.1, 203.0.113.66" };
  const start = (await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, forged)).body;
  const browser = new Browser(desk);
  const entry = await signIn(browser, String(start["verification_uri_complete"]), victim);
  expect(plainText(await browser.submit(entry, {}))).toContain("198.51.100.7 (another network)");
});
