import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading, type Page, plainText } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { outcome, refresh } from "../../support/drive.ts";
import { type Forger, forgerOf } from "../../support/forger.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const after = "https://dashboard.example/signed-out";
const withQuery = "https://dashboard.example/out?from=cloudpass";

const clock = heldClock();
let forger: Forger;
const broker = shared(() =>
  boot({
    clock,
    yaml: `clients:
  - {id: dashboard, name: Dashboard, grants: [authorization-code, refresh], redirectUris: ["http://127.0.0.1:7777/callback"], postLogoutRedirectUris: ["${after}", "${withQuery}"]}
  - {id: other, name: Other, grants: [authorization-code], redirectUris: ["http://127.0.0.1:7777/callback"], postLogoutRedirectUris: ["https://other.example/out"]}
`,
  }),
);
beforeAll(async () => {
  forger = await forgerOf(broker);
  staying = await signedIn();
});

async function signedIn(email = "bob@a.example") {
  const browser = new Browser();
  const request = codeRequest(broker.issuer, "dashboard");
  const callback = await decideCode(request, embeddedVisitor(email), "approve", browser);
  const { body } = await redeemCode(broker.issuer, "dashboard", request, callback);
  let token = body["refresh_token"];
  /** What a refresh of the login says. */
  const renews = async () => {
    const next = await refresh(broker.issuer, token, { client_id: "dashboard" });
    token = next.body["refresh_token"] ?? token;
    return outcome(next);
  };
  return { browser, idToken: String(body["id_token"]), renews };
}
/** Somebody whom nothing of what is refused signs out. */
let staying: Awaited<ReturnType<typeof signedIn>>;

const link = (parameters: Readonly<Record<string, string>>) =>
  `${broker.issuer}/end_session?${new URLSearchParams(parameters)}`;
const byPost = (browser: Browser, fields: Readonly<Record<string, string>>): Promise<Page> =>
  browser.send({ id: undefined, action: `${broker.issuer}/end_session`, method: "POST", inputs: [], fields }, {});
const isSignedIn = async (browser: Browser) => heading(await browser.open(`${broker.issuer}/device`)) !== "Sign in";
describe("2: a logout request", () => {
  test("is asked back: a link alone ends nothing; then session, login and the realm's sign-in end", async () => {
    const { browser, idToken, renews } = await signedIn();
    const page = await browser.open(link({ id_token_hint: idToken }));
    expect(heading(page)).toBe("Sign out?");
    expect(plainText(page)).toContain("Dashboard");
    expect([await renews(), await isSignedIn(browser)]).toEqual(["200", true]);
    const ended = (await browser.submit(page, {})).text;
    expect(ended).toContain("signed out");
    expect([await renews(), await isSignedIn(browser)]).toEqual(["400 invalid_grant", false]);
    expect(broker.lines.join("")).toContain('"session.ended"');
  });

  test("may come by POST, from the program's own site", async () => {
    const { browser, idToken } = await signedIn();
    const page = await byPost(browser, { id_token_hint: idToken, post_logout_redirect_uri: after, state: "p" });
    expect(heading(page)).toBe("Sign out?");
    expect((await browser.submit(page, {}, { stopAt: after })).stopped).toBe(`${after}?state=p`);
  });

  test("confirmed twice, as by a double click, still leads back to the program, and nowhere else", async () => {
    const { browser, idToken } = await signedIn();
    const wish = { id_token_hint: idToken, post_logout_redirect_uri: after, state: "twice" };
    const page = await browser.open(link(wish));
    const sent = [browser.submit(page, {}, { stopAt: after }), browser.submit(page, {}, { stopAt: after })];
    const to = `${after}?state=twice`;
    expect((await Promise.all(sent)).map((p) => p.stopped)).toEqual([to, to]);
    expect((await browser.submit(page, {}, { stopAt: after })).stopped, "a moment later").toBe(to);
    for (const location of [
      "https://evil.example/",
      `${after}/x`,
      `${after}?state=a&more=b`,
      "https://other.example/out",
    ]) {
      const end = await browser.submit(page, { location }, { stopAt: "https://" });
      expect([heading(end), end.stopped], location).toEqual(["Signed out", undefined]);
    }
  });

  test("needs no parameter, and is asked back then too", async () => {
    const { browser } = staying;
    expect(heading(await browser.open(`${broker.issuer}/end_session`))).toBe("Sign out?");
    expect(await isSignedIn(browser)).toBe(true);
  });

  test("with what we do not use (logout_hint, ui_locales, unknown ones) is no error", async () => {
    const { browser } = staying;
    const page = await browser.open(link({ logout_hint: "bob", ui_locales: "fr", example: "1" }));
    expect(heading(page)).toBe("Sign out?");
  });

  test("with the ID token of another person is asked back too, with the name of who is signed in", async () => {
    const { idToken } = await signedIn("alice@a.example");
    const { browser } = staying;
    const page = await browser.open(link({ id_token_hint: idToken, post_logout_redirect_uri: after }));
    expect(heading(page)).toBe("Sign out?");
    expect(plainText(page)).toContain("bob");
  });

  test("takes an ID token whose time is over", async () => {
    const { browser, idToken } = staying;
    clock.advance(1_200);
    const page = await browser.open(link({ id_token_hint: idToken, post_logout_redirect_uri: after }));
    expect(heading(page)).toBe("Sign out?");
  });
});

describe("2: a logout request is refused, nothing ends and nobody is sent anywhere", () => {
  const to = { post_logout_redirect_uri: after };
  test.each<[string, (idToken: string) => Record<string, string>]>([
    ["with a hint that is not a JWT", () => ({ id_token_hint: "x", ...to })],
    ["with an unsigned hint", (t) => ({ id_token_hint: forger.changed(t, {}, { alg: "none" }).replace(/[^.]+$/, "") })],
    ["with a hint of another issuer", (t) => ({ id_token_hint: forger.changed(t, { iss: "https://evil.example" }) })],
    ["with a hint by an unknown key", (t) => ({ id_token_hint: forger.changed(t, {}, { kid: "guess" }) })],
    ["with a changed hint", (t) => ({ id_token_hint: `${t.slice(0, -8)}AAAAAAAA` })],
    ["with an access token as hint", (t) => ({ id_token_hint: forger.changed(t, {}, { typ: "at+jwt" }) })],
    ["with a logout token as hint", (t) => ({ id_token_hint: forger.changed(t, {}, { typ: "logout+jwt" }) })],
    ["when client_id is another than the hint's", (t) => ({ id_token_hint: t, client_id: "other", ...to })],
    ["for an address with a program that is not known", () => ({ client_id: "nobody", ...to })],
    ["for an address without a program", () => to],
  ])("%s", async (_what, parameters) => {
    const { browser, idToken, renews } = staying;
    const page = await browser.open(link(parameters(idToken)), "https://");
    expect([page.status, page.stopped]).toEqual([400, undefined]);
    expect([await renews(), await isSignedIn(browser)]).toEqual(["200", true]);
  });
});

describe("3: after the logout the browser goes", () => {
  test("where the program registered, with the very state", async () => {
    for (const state of ["s1", "a b&c=d ü"]) {
      const { browser, idToken } = await signedIn();
      const page = await browser.open(link({ id_token_hint: idToken, post_logout_redirect_uri: after, state }));
      const end = new URL((await browser.submit(page, {}, { stopAt: after })).stopped ?? "");
      expect([`${end.origin}${end.pathname}`, end.searchParams.get("state")]).toEqual([after, state]);
    }
  });

  test("there without a state when none was given, keeping a query that was registered", async () => {
    const { browser } = await signedIn();
    const page = await browser.open(link({ client_id: "dashboard", post_logout_redirect_uri: withQuery }));
    expect((await browser.submit(page, {}, { stopAt: "https://" })).stopped).toBe(withQuery);
  });

  test("there at once when nobody is signed in any more", async () => {
    const wish = { client_id: "dashboard", post_logout_redirect_uri: after, state: "s" };
    expect((await new Browser().open(link(wish), "https://")).stopped).toBe(`${after}?state=s`);
  });

  test.each([
    ["a longer path", `${after}/x`],
    ["a query more", `${after}?x=1`],
    ["a slash more", `${after}/`],
    ["other letters", after.toUpperCase()],
    ["another port", after.replace(".example", ".example:8443")],
    ["http", after.replace("https", "http")],
    ["another program's", "https://other.example/out"],
    ["javascript", "javascript:alert(1)"],
    ["nobody's", "https://evil.example/"],
  ])("never to an address that is not registered byte for byte: %s", async (_what, post_logout_redirect_uri) => {
    const { browser, idToken } = staying;
    for (const named of [{ id_token_hint: idToken }, { client_id: "dashboard" }]) {
      const page = await browser.open(link({ ...named, post_logout_redirect_uri } as Record<string, string>), "http");
      expect([page.status, page.stopped]).toEqual([400, undefined]);
    }
    expect(await isSignedIn(browser)).toBe(true);
  });

  test("not to an address that was exchanged in the form", async () => {
    const { browser } = staying;
    const page = await browser.open(link({ client_id: "dashboard", post_logout_redirect_uri: after }));
    const forged = await browser.submit(page, { location: "https://evil.example/" }, { stopAt: "https://" });
    expect([forged.status, forged.stopped]).toEqual([403, undefined]);
  });
});
