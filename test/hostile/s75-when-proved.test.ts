import { afterEach, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, forms, heading, type Page } from "../support/browser.ts";
import { codeRequest, decideCode, loopback, redeemCode } from "../support/code-login.ts";
import { claimsOf, embeddedVisitor } from "../support/device-login.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
const broker = shared(() => boot({ clock }));
const bob = embeddedVisitor("bob@a.example");
const ask = (more: Record<string, string> = {}) => codeRequest(broker.issuer, "prod1", more);
const confirmation = "Log in to a program?";

/** What the realm says of the moment at which the person proved who it is. */
const authenticatedAt = (auth_time: unknown) => {
  broker.idp.alter = ({ auth_time: _proved, ...claims }) =>
    auth_time === undefined ? claims : { ...claims, auth_time };
};
afterEach(() => {
  broker.idp.alter = undefined;
});

const unknown: [string, unknown][] = [
  ["says nothing of it", undefined],
  ["says a moment that is still to come", Math.floor(Date.now() / 1000) + 3_600],
];
/** A token with such a claim is none, for whatever login. */
const broken: [string, unknown][] = [
  ["says a text", String(Math.floor(Date.now() / 1000))],
  ["says a list", [Math.floor(Date.now() / 1000)]],
  ["says null", null],
];

/** Signs in anew where a request leads; answers the page that the person ends on. */
async function signInFor(browser: Browser, more: Record<string, string>): Promise<Page> {
  const first = await browser.open(ask(more).url);
  expect(heading(first)).toBe("Sign in");
  return bob.signIn(browser, await browser.submit(first, { email: bob.email }));
}

describe("S-75: when the person proved who it is, and the realm", () => {
  test.each(broken)("%s: there is no login at all", async (_what, auth_time) => {
    authenticatedAt(auth_time);
    for (const more of [{}, { prompt: "login" }, { max_age: "600" }]) {
      const page = await signInFor(new Browser(), more);
      expect([page.status, heading(page)]).toEqual([403, "The sign-in did not succeed"]);
    }
  });

  describe.each(unknown)("%s", (_what, auth_time) => {
    test.each<Record<string, string>>([{ prompt: "login" }, { max_age: "0" }, { max_age: "600" }])(
      "%j is not satisfied, and ends on a page that says so",
      async (more) => {
        authenticatedAt(auth_time);
        const page = await signInFor(new Browser(), more);
        expect([page.status, heading(page)]).toEqual([403, "The sign-in did not succeed"]);
        expect(broker.lines.join("\n")).toContain("does not say when the person proved who it is");
      },
    );

    test("a session of such a sign-in satisfies no max_age", async () => {
      authenticatedAt(auth_time);
      const browser = new Browser();
      await decideCode(ask(), bob, "approve", browser);
      const silent = await browser.open(ask({ prompt: "none", max_age: "9999" }).url, loopback);
      expect(silent.stopped).toContain("error=login_required");
      expect(heading(await browser.open(ask({ max_age: "9999" }).url))).toBe("Sign in");
    });

    test("a login that asks for no moment goes on, and its tokens name none", async () => {
      authenticatedAt(auth_time);
      const request = ask();
      const callback = await decideCode(request, bob, "approve");
      const { body } = await redeemCode(broker.issuer, "prod1", request, callback);
      for (const token of ["id_token", "access_token"]) expect(claimsOf(body[token])).not.toHaveProperty("auth_time");
    });
  });

  test("remembers an old one although it was to ask anew: refused at once, without a loop in the browser", async () => {
    authenticatedAt(Math.floor(Date.now() / 1000) - 600);
    const browser = new Browser();
    const page = await signInFor(browser, { prompt: "login" });
    expect([page.status, heading(page)]).toEqual([403, "The sign-in did not succeed"]);
  });

  test("says it rightly: the person is asked once, and goes on", async () => {
    const browser = new Browser();
    const page = await signInFor(browser, { prompt: "login" });
    expect(heading(page)).toBe(confirmation);
    expect(forms(page)).not.toEqual([]);
  });
});
