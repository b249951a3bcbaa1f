import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser, heading } from "../../support/browser.ts";
import { codeRequest, decideCode, loopback, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../../support/device-login.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

const bob = embeddedVisitor("bob@a.example");

describe("the authorization code grant", () => {
  test("4.1: a confirmed request ends with tokens for the client's one audience", async () => {
    const request = codeRequest(broker.issuer, "prod1", { nonce: "n-1" });
    const callback = await decideCode(request, bob, "approve");
    expect(callback.searchParams.get("state")).toBe(request.state);
    expect(callback.searchParams.get("iss"), "RFC 9207").toBe(broker.issuer);
    const tokens = await redeemCode(broker.issuer, "prod1", request, callback);
    expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
    expect(claimsOf(tokens.body["access_token"])).toMatchObject({
      aud: "prod1",
      flow: "browser",
      groups: ["cp.customer-a.developer"],
    });
    expect(claimsOf(tokens.body["id_token"])).toMatchObject({ aud: "prod1", nonce: "n-1" });
    expect(tokens.body["refresh_token"]).toBeTypeOf("string");
    expect(broker.lines.join("")).toContain('"authorization.approved"');
  });

  test("4.1.2: a second redemption is refused and ends what the first one made", async () => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await decideCode(request, bob, "approve");
    const first = await redeemCode(broker.issuer, "prod1", request, callback);
    expect((await redeemCode(broker.issuer, "prod1", request, callback)).body["error"]).toBe("invalid_grant");
    const refresh = {
      grant_type: "refresh_token",
      client_id: "prod1",
      refresh_token: String(first.body["refresh_token"]),
    };
    expect((await postForm(`${broker.issuer}/token`, refresh)).body["error"]).toBe("invalid_grant");
  });

  test("4.1.2: of 64 redemptions at once one wins", async () => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await decideCode(request, bob, "approve");
    const racers = await Promise.all(
      Array.from({ length: 64 }, () => redeemCode(broker.issuer, "prod1", request, callback)),
    );
    expect(racers.filter((r) => r.status === 200)).toHaveLength(1);
  });

  test.each([
    ["another client", "gx1", {}],
    ["another redirect_uri", "prod1", { redirect_uri: `${loopback}/other` }],
    ["another port of the same redirect_uri", "prod1", { redirect_uri: "http://127.0.0.1:7778/callback" }],
    ["no verifier", "prod1", { code_verifier: "" }],
    ["another verifier", "prod1", { code_verifier: "x".repeat(43) }],
    ["another code", "prod1", { code: "x".repeat(43) }],
  ])("4.1.3: %s does not redeem a code", async (_what, client, more) => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await decideCode(request, bob, "approve");
    const answer = await redeemCode(broker.issuer, client, request, callback, more);
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  test("4.1.2.1: a refusal is told to the program, with state and iss", async () => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await decideCode(request, bob, "deny");
    expect(Object.fromEntries(callback.searchParams)).toMatchObject({
      error: "access_denied",
      state: request.state,
      iss: broker.issuer,
    });
    expect(broker.lines.join("")).toContain('"authorization.denied"');
  });

  test.each([
    ["an unknown client", { client_id: "nobody" }],
    ["no client", { client_id: undefined }],
    ["no redirect_uri", { redirect_uri: undefined }],
    ["a foreign redirect_uri", { redirect_uri: "https://evil.example/callback" }],
    ["a longer path", { redirect_uri: `${loopback}/../evil` }],
    ["a user part before a loopback host", { redirect_uri: "http://127.0.0.1:7777@evil.example/callback" }],
    ["https on loopback", { redirect_uri: "https://127.0.0.1:7777/callback" }],
    ["a query", { redirect_uri: `${loopback}?x=1` }],
  ])("4.1.2.1: with %s nothing is ever sent back", async (_what, more) => {
    const page = await new Browser().open(codeRequest(broker.issuer, "prod1", more).url, "https://evil.example");
    expect(page).toMatchObject({ status: 400, url: expect.stringContaining(broker.issuer) });
    expect(page.stopped).toBeUndefined();
    expect(heading(page)).toBe("This link or form is not complete");
  });

  test.each([
    ["no response_type", { response_type: undefined }, "invalid_request"],
    ["the implicit grant", { response_type: "token" }, "unsupported_response_type"],
    ["a hybrid", { response_type: "code id_token" }, "unsupported_response_type"],
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }, "invalid_request"],
    ["PKCE plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["a malformed challenge", { code_challenge: "short" }, "invalid_request"],
    ["an unknown scope", { scope: "openid admin" }, "invalid_scope"],
    ["another target", { resource: "urn:cloudpass:target:gx1" }, "invalid_target"],
    ["a fragment response", { response_mode: "fragment" }, "invalid_request"],
    ["a request object", { request: "e30.e30." }, "request_not_supported"],
    ["an unknown prompt", { prompt: "guess" }, "invalid_request"],
    ["prompt=none with another", { prompt: "none login" }, "invalid_request"],
    ["a max_age that is no number", { max_age: "soon" }, "invalid_request"],
  ])("4.1.2.1: %s is told to the program", async (_what, more, error) => {
    const request = codeRequest(broker.issuer, "prod1", more);
    const page = await toCodeConfirmation(request, bob);
    const told = new URL(page.stopped ?? "http://nowhere");
    expect(told.searchParams.get("error")).toBe(error);
    expect(told.searchParams.get("state")).toBe(request.state);
  });

  test("10.12: another browser cannot take over a login, and a form of another login is refused", async () => {
    const browser = new Browser();
    const page = await toCodeConfirmation(codeRequest(broker.issuer, "prod1"), bob, browser);
    const other = new Browser();
    await toCodeConfirmation(codeRequest(broker.issuer, "prod1"), bob, other);
    expect(heading(await other.open(page.url))).toBe("The sign-in took too long");
    const second = await browser.open(codeRequest(broker.issuer, "prod1").url);
    const token = /name="form_token" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
    const forged = await browser.submit(second, { form_token: token, decision: "approve" }, { stopAt: loopback });
    expect(heading(forged)).toBe("This form did not come from our page");
  });
});
