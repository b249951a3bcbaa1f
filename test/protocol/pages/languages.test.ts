import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading, type Page } from "../../support/browser.ts";
import { embeddedVisitor, startDevice } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const bob = embeddedVisitor("bob@a.example");

/** Walks a device login in a language; answers the headings of our own pages. */
async function walk(language: string): Promise<Page[]> {
  const browser = new Browser({ "accept-language": language });
  const start = await startDevice(broker.issuer, { client_id: "gx1" });
  const first = await browser.open(start.verification_uri_complete);
  const entry = await bob.signIn(browser, await browser.submit(first, { email: bob.email }));
  const confirm = await browser.submit(entry, {});
  const done = await browser.submit(confirm, { decision: "approve" });
  const account = await browser.open(`${broker.issuer}/account`);
  const wrong = await browser.submit(await browser.open(`${broker.issuer}/device`), { user_code: "BCDF-GHJK-LMNP" });
  const signOut = await browser.open(`${broker.issuer}/end_session`);
  const nowhere = await browser.open(`${broker.issuer}/nowhere`);
  return [first, entry, confirm, done, account, wrong, signOut, nowhere];
}

describe("rfc9110 12.5.4: every page speaks the language that the browser asks for", () => {
  test.each([
    [
      "de-DE,de;q=0.9,en;q=0.5",
      "de",
      [
        "Anmelden",
        "Ein Terminal anmelden",
        "Sind Sie das?",
        "Angemeldet",
        "Ihre Sitzungen und Anmeldungen",
        "Dieser Code ist nicht bekannt",
        "Abmelden?",
        "Hier ist nichts",
      ],
    ],
    [
      "fr,en-US;q=0.8",
      "en",
      [
        "Sign in",
        "Log in a terminal",
        "Is this you?",
        "Logged in",
        "Your sessions and logins",
        "This code is not known",
        "Sign out?",
        "There is nothing here",
      ],
    ],
  ])("%s is answered in %s", async (asked, language, headings) => {
    const pages = await walk(asked);
    expect(pages.map(heading)).toEqual(headings);
    for (const page of pages) {
      expect(page.text, page.url).toContain(`<html lang="${language}">`);
      expect(page.headers.get("content-language"), page.url).toBe(language);
      expect(page.headers.get("vary")?.toLowerCase(), page.url).toContain("accept-language");
    }
  });

  test("programs are spoken to in English", async () => {
    const answer = await fetch(`${broker.issuer}/token`, {
      method: "POST",
      headers: { "accept-language": "de", "content-type": "application/x-www-form-urlencoded" },
      body: "grant_type=password&client_id=gx1",
    });
    expect(await answer.json()).toMatchObject({ error_description: "the grant type is not supported" });
    expect(answer.headers.get("content-language")).toBeNull();
  });

  test("what only a program's maker can mend is said in English, and marked as such", async () => {
    const browser = new Browser({ "accept-language": "de" });
    const page = await browser.open(`${broker.issuer}/authorize?client_id=gx1&redirect_uri=https://evil.example`);
    expect(page.text).toMatch(/Technische Einzelheit: <span lang="en">[^<]+<\/span>/);
  });
});
