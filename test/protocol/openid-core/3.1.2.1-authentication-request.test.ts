import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor } from "../../support/device-login.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);

/** Sends an authorization request by POST, as a form of the program's site would. */
const byPost = (url: string) => {
  const { origin, pathname, searchParams } = new URL(url);
  const form = { id: undefined, action: `${origin}${pathname}`, method: "POST", inputs: [] };
  return browser.send({ ...form, fields: Object.fromEntries(searchParams) }, {});
};

test("3.1.2.1: by POST the same request gets the same page", async () => {
  const request = codeRequest(broker.issuer, "prod1");
  expect(heading(await toCodeConfirmation(request, bob, browser))).toBe("Log in to a program?");
  expect(heading(await byPost(request.url))).toBe("Log in to a program?");
});

test("3.1.2.1: by POST the query means nothing", async () => {
  const request = codeRequest(broker.issuer, "prod1");
  const response = await fetch(request.url, { method: "POST", body: new URLSearchParams(), redirect: "manual" });
  expect([response.status, response.headers.get("location")]).toEqual([400, null]);
});

describe("3.1.2.1, 15.1: what we do not use is no error", () => {
  test.each<[string, Record<string, string>]>([
    ["display", { display: "touch" }],
    ["ui_locales", { ui_locales: "fr-CA fr en" }],
    ["claims_locales", { claims_locales: "fr" }],
    ["acr_values", { acr_values: "urn:x:gold urn:x:silver" }],
    ["login_hint", { login_hint: "bob@a.example" }],
    ["a display that nobody knows", { display: "hologram" }],
    ["a parameter that nobody knows", { example: "1" }],
  ])("%s", async (_what, more) => {
    const page = await toCodeConfirmation(codeRequest(broker.issuer, "prod1", more), bob, browser);
    expect(heading(page)).toBe("Log in to a program?");
  });

  test("5.5: claims, which adds nothing to what the scope allows", async () => {
    const claims = JSON.stringify({ id_token: { email: { essential: true } }, userinfo: { groups: null } });
    const request = codeRequest(broker.issuer, "gx1", { claims });
    const callback = await decideCode(request, bob, "approve", browser);
    const { body } = await redeemCode(broker.issuer, "gx1", request, callback);
    expect(claimsOf(body["id_token"])["email"]).toBeUndefined();
  });
});
