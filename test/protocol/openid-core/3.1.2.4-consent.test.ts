import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, forms, heading, type Page, plainText } from "../../support/browser.ts";
import { type CodeRequest, codeRequest, decideCode, toCodeConfirmation } from "../../support/code-login.ts";
import { decideInBrowser, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const redirect = "https://web.example/callback";
const client = (id: string, more: string) =>
  `  - {id: ${id}, name: ${id}, grants: [authorization-code, refresh, device], redirectUris: ["${redirect}"], secret: {env: WEB}${more}}\n`;
/** A person for each test: what one confirmed is nothing to another. */
const people = {
  "customer-a-idp": Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => `u${n}`).map((name) => [
      name,
      { name, email: `${name}@a.example`, groups: ["developers", "platform"], password: name },
    ]),
  ),
};
let count = 0;
const somebody = () => embeddedVisitor(`u${count++}@a.example`);

const clock = heldClock();
const broker = shared(() =>
  boot({
    clock,
    people,
    env: { WEB: "web-s3cret" },
    yaml: `clients:
${client("web", ", consent: remember")}${client("other", ", consent: remember")}${client("asking", "")}`,
  }),
);

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
const confirmation = "Log in to a program?";
const confirmedScope = "openid profile groups";
const ask = (more: Record<string, string | undefined> = {}, id = "web") =>
  codeRequest(broker.issuer, id, { redirect_uri: redirect, ...more });
const basic = (id: string) => ({ authorization: `Basic ${Buffer.from(`${id}:web-s3cret`).toString("base64")}` });
const redeem = (request: CodeRequest, callback: URL, id = "web") =>
  postForm(
    `${broker.issuer}/token`,
    {
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: redirect,
      code_verifier: request.verifier,
    },
    basic(id),
  );

/** A browser in which a person has confirmed a login of a client, which has its tokens. */
async function confirmed(id = "web", more: Record<string, string> = {}) {
  const visitor = somebody();
  const browser = new Browser();
  const request = ask(more, id);
  const callback = await decideCode(request, visitor, "approve", browser);
  const { status, body } = await redeem(request, callback, id);
  expect(status).toBe(200);
  return { browser, visitor, tokens: body };
}

/** Where a request leads at once: to the client with a code or an error, or to a page. */
async function leads(browser: Browser, more: Record<string, string> = {}, id = "web"): Promise<string> {
  const page: Page = await browser.open(ask({ scope: confirmedScope, ...more }, id).url, redirect);
  if (page.stopped === undefined) return heading(page);
  const { searchParams } = new URL(page.stopped);
  return searchParams.has("code") ? "code" : (searchParams.get("error") ?? "?");
}

describe("3.1.2.4: the person is asked about each login", () => {
  test("unless the operator says otherwise of the client", async () => {
    const { browser } = await confirmed("asking");
    expect(await leads(browser, {}, "asking")).toBe(confirmation);
    expect(await leads(browser, { prompt: "none" }, "asking")).toBe("consent_required");
  });

  test("of a public client, always", async () => {
    const browser = new Browser();
    await decideCode(codeRequest(broker.issuer, "prod1"), somebody(), "approve", browser);
    expect(heading(await browser.open(codeRequest(broker.issuer, "prod1").url))).toBe(confirmation);
  });
});

describe("a client with consent: remember, after a confirmed login", () => {
  test("gets its next code at once, with and without prompt=none, and it is good", async () => {
    const { browser, tokens } = await confirmed();
    for (const more of [{}, { prompt: "none" }, { prompt: "none", id_token_hint: String(tokens["id_token"]) }]) {
      const request = ask({ scope: confirmedScope, ...more });
      const { stopped = "" } = await browser.open(request.url, redirect);
      expect(new URL(stopped).searchParams.get("state")).toBe(request.state);
      expect((await redeem(request, new URL(stopped))).status).toBe(200);
    }
  });

  test("gets one with less scope, and none with more", async () => {
    const { browser } = await confirmed();
    expect(await leads(browser, { scope: "openid", prompt: "none" })).toBe("code");
    expect(await leads(browser, { scope: `${confirmedScope} email`, prompt: "none" })).toBe("consent_required");
    expect(await leads(browser, { scope: `${confirmedScope} email` })).toBe(confirmation);
  });

  test("11: is asked about offline_access each time, though it was confirmed before", async () => {
    const { browser } = await confirmed();
    expect(await leads(browser, { scope: "openid offline_access", prompt: "none" })).toBe("consent_required");
    expect(await leads(browser, { scope: "openid offline_access" })).toBe(confirmation);
  });

  test("gets none for a target that was not confirmed", async () => {
    const { browser } = await confirmed("web", { resource: "urn:cloudpass:target:gx1" });
    expect(await leads(browser, { resource: "urn:cloudpass:target:gx1", prompt: "none" })).toBe("code");
    expect(await leads(browser, { resource: "urn:cloudpass:target:prod1", prompt: "none" })).toBe("consent_required");
    expect(await leads(browser, { prompt: "none" })).toBe("consent_required");
  });

  test.each(["consent", "select_account"])("asks all the same with prompt=%s", async (prompt) => {
    const { browser } = await confirmed();
    expect(await leads(browser, { prompt })).toBe(confirmation);
  });

  test("has the person sign in anew with prompt=login, and goes on without the page", async () => {
    const { browser, visitor } = await confirmed();
    clock.advance(10);
    const login = await browser.open(ask({ prompt: "login", scope: confirmedScope }).url);
    expect(heading(login)).toBe("Sign in");
    const asked = await browser.submit(login, { email: visitor.email });
    const name = visitor.email.split("@")[0] ?? "";
    const end = await browser.submit(asked, { username: name, password: name }, { formId: "login", stopAt: redirect });
    expect(end.stopped).toContain("code=");
  });

  test("asks in the name of another client, and another person", async () => {
    const { browser } = await confirmed();
    expect(await leads(browser, { prompt: "none" }, "other")).toBe("consent_required");
    expect(heading(await toCodeConfirmation(ask({ scope: confirmedScope }), somebody(), new Browser(), redirect))).toBe(
      confirmation,
    );
  });

  test("is told at once, page or not, that the person may log in no more", async () => {
    const { browser, visitor } = await confirmed();
    const person = broker.idp.people["customer-a-idp"]?.[visitor.email.split("@")[0] ?? ""];
    Object.assign(person ?? {}, { disabled: true });
    expect(await leads(browser, { prompt: "none" })).toBe("login_required");
    expect(await leads(browser)).toBe("The sign-in did not succeed");
  });

  test("is told that the person has no right on the target any more", async () => {
    const gx1 = { resource: "urn:cloudpass:target:gx1" };
    const { browser, visitor } = await confirmed("web", gx1);
    const person = broker.idp.people["customer-a-idp"]?.[visitor.email.split("@")[0] ?? ""];
    Object.assign(person ?? {}, { groups: [] });
    expect(await leads(browser, { ...gx1, prompt: "none" })).toBe("access_denied");
  });

  test("gets one answer to a request, however often the link is loaded again", async () => {
    const { browser } = await confirmed();
    const first = await browser.open(ask({ scope: confirmedScope }).url, redirect);
    expect(first.stopped).toContain("code=");
    const again = await browser.open(first.url, redirect);
    expect(again.stopped).toBe(first.stopped);
  });
});

test("the page says that it is remembered, and so does the login on the account page; of other clients neither does", async () => {
  const said = async (id: string) => {
    const { browser } = await confirmed(id, id === "asking" ? {} : { prompt: "consent" });
    const page = plainText(await browser.open(ask({ prompt: "consent" }, id).url));
    const account = plainText(await browser.open(`${broker.issuer}/account`));
    return [page.includes("logs in again without asking you"), account.includes("without asking you, as long as")];
  };
  expect(await said("web")).toEqual([true, true]);
  expect(await said("asking")).toEqual([false, false]);
});

describe("a confirmation is not remembered", () => {
  test("when its code was never redeemed", async () => {
    const browser = new Browser();
    await decideCode(ask(), somebody(), "approve", browser);
    expect(await leads(browser, { prompt: "none" })).toBe("consent_required");
  });

  test("when it was one of a device", async () => {
    const browser = new Browser();
    const { email } = somebody();
    const headers = basic("other");
    const start = await postForm(`${broker.issuer}/device_authorization`, { scope: confirmedScope }, headers);
    await decideInBrowser(String(start.body["verification_uri_complete"]), embeddedVisitor(email), "approve", browser);
    const form = { grant_type: deviceGrant, device_code: String(start.body["device_code"]) };
    expect((await postForm(`${broker.issuer}/token`, form, headers)).status).toBe(200);
    expect(await leads(browser, { prompt: "none" }, "other")).toBe("consent_required");
  });

  test("once the login was ended on the account page", async () => {
    const { browser } = await confirmed();
    expect(await leads(browser, { prompt: "none" })).toBe("code");
    const account = await browser.open(`${broker.issuer}/account`);
    expect(plainText(account)).toContain("web");
    const all =
      forms(account).find((form) => form.fields["what"] === "all") ??
      forms(account).find((f) => f.fields["what"] === "login");
    if (all) await browser.send(all, {});
    expect(await leads(browser, { prompt: "none" })).toBe("consent_required");
  });

  test("once the client gave its login back (RFC 7009)", async () => {
    const { browser, tokens } = await confirmed("other");
    expect(await leads(browser, { prompt: "none" }, "other")).toBe("code");
    await postForm(`${broker.issuer}/revoke`, { token: String(tokens["refresh_token"]) }, basic("other"));
    expect(await leads(browser, { prompt: "none" }, "other")).toBe("consent_required");
  });
});
