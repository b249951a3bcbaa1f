import { describe, expect, test } from "vitest";
import { Browser, heading } from "../../support/browser.ts";
import { askAuthorization, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { bootFapi, fapiRedirect } from "../../support/fapi.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootFapi({ clock }));
const second = () => ({ client: "second", key: broker.other });
const bob = embeddedVisitor("bob@a.example");
const gone = "This link or form is not complete";

test("discovery-end-point-verification: the metadata have what the profile asks for", async () => {
  const metadata = await (await fetch(`${broker.issuer}/.well-known/openid-configuration`)).json();
  expect(metadata).toMatchObject({
    response_types_supported: ["code"],
    authorization_response_iss_parameter_supported: true,
    pushed_authorization_request_endpoint: `${broker.issuer}/par`,
    token_endpoint_auth_methods_supported: expect.arrayContaining(["private_key_jwt"]),
    token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(["PS256", "ES256", "EdDSA"]),
    dpop_signing_alg_values_supported: expect.arrayContaining(["PS256", "ES256", "EdDSA"]),
    code_challenge_methods_supported: expect.arrayContaining(["S256"]),
    grant_types_supported: expect.arrayContaining(["authorization_code"]),
    scopes_supported: expect.arrayContaining(["openid"]),
  });
});

describe.each([
  ["OpenID Connect", "openid profile groups", "/userinfo"],
  ["plain OAuth", "profile groups", "/targets"],
])("%s", (kind, scope, resource) => {
  test.each(["first", "second"])(
    "happy-flow: the client %s gets a bound token that opens what it is for",
    async (id) => {
      const proving = id === "first" ? {} : second();
      const request = broker.request({ scope }, id);
      const callback = await broker.decide(request, proving);
      expect(callback.searchParams.get("iss")).toBe(broker.issuer);
      const { status, body } = await broker.redeem(request, callback, broker.holder, proving);
      expect([status, body["token_type"], "id_token" in body]).toEqual([200, "DPoP", kind === "OpenID Connect"]);
      const url = `${broker.issuer}${resource}`;
      expect(
        (await fetch(url, { headers: await broker.holder.bearing(body["access_token"], "GET", url) })).status,
      ).toBe(200);
    },
  );

  test("ensure-other-scope-order-succeeds: the order of scopes does not matter", async () => {
    const request = broker.request({ scope: scope.split(" ").reverse().join(" ") });
    expect((await broker.redeem(request, await broker.decide(request), broker.holder)).status).toBe(200);
  });

  test("ensure-authorization-request-without-state-success: then the answer has none", async () => {
    const callback = await broker.decide(broker.request({ scope, state: undefined }));
    expect([callback.searchParams.has("code"), callback.searchParams.has("state")]).toEqual([true, false]);
  });

  test("user-rejects-authentication: the client is told access_denied", async () => {
    const callback = await broker.decide(broker.request({ scope }), {}, "deny");
    expect(callback.searchParams.get("error")).toBe("access_denied");
  });
});

describe("what is pushed", () => {
  test.each<[string, string | undefined]>([
    ["ensure-authorization-request-without-nonce-success: without one there is none", undefined],
    ["ensure-authorization-request-with-64-char-nonce-success: 64 characters come back", "n".repeat(64)],
    ["ensure-authorization-request-with-long-nonce: 384 characters, too", "n".repeat(384)],
  ])("%s", async (_module, nonce) => {
    const request = broker.request({ scope: "openid", ...(nonce && { nonce }) });
    const { body } = await broker.redeem(request, await broker.decide(request), broker.holder);
    expect(claimsOf(body["id_token"])["nonce"]).toBe(nonce);
  });

  test("ensure-authorization-request-with-long-state: 384 characters come back", async () => {
    const state = "s".repeat(384);
    expect((await broker.decide(broker.request({ state }))).searchParams.get("state")).toBe(state);
  });

  test.each<[string, Record<string, string | undefined>]>([
    ["ensure-redirect-uri-in-authorization-request:", { redirect_uri: undefined }],
    ["ensure-request-object-without-redirect-uri-fails:", { redirect_uri: undefined }],
    ["ensure-registered-redirect-uri:", { redirect_uri: "https://client.example/other" }],
    ["plain-fapi-tolerate-unregistered-redirect-uri:", { redirect_uri: "https://client.example/other" }],
    ["ensure-response-type-code-idtoken-fails:", { response_type: "code id_token" }],
    ["ensure-response-type-token-fails:", { response_type: "token" }],
    ["par-authorization-request-containing-request_uri-form-param:", { request_uri: "urn:example:x" }],
    ["par-authorization-request-containing-request_uri:", { request_uri: "urn:ietf:params:oauth:request_uri:x" }],
    ["par-ensure-pkce-required:", { code_challenge: undefined, code_challenge_method: undefined }],
    ["par-plain-pkce-rejected:", { code_challenge_method: "plain" }],
  ])("%s is refused as invalid_request", async (_module, more) => {
    expect(outcome(await broker.push(broker.request(more)))).toBe("400 invalid_request");
  });

  test.each<[string, (issuer: string) => unknown]>([
    ["par-test-array-as-audience-fails:", (issuer) => [issuer]],
    ["par-test-par-endpoint-url-as-audience-fails:", (issuer) => `${issuer}/par`],
    ["par-test-token-endpoint-url-as-audience-fails:", (issuer) => `${issuer}/token`],
  ])("%s the client is not proven", async (_module, aud) => {
    const answer = await broker.push(broker.request(), { claims: { aud: aud(broker.issuer) } });
    expect(outcome(answer)).toBe("401 invalid_client");
  });

  test("par-attempt-invalid-http-method: is posted, in no other way", async () => {
    for (const method of ["GET", "PUT"]) expect((await fetch(`${broker.issuer}/par`, { method })).status).toBe(405);
    expect((await postForm(`${broker.issuer}/par`, {})).status).toBe(400);
  });
});

describe("the authorization endpoint", () => {
  test("ensure-unsigned-authorization-request-without-using-par-fails: the client is told invalid_request", async () => {
    const { to } = await askAuthorization(broker.request().url);
    expect(to?.searchParams.get("error")).toBe("invalid_request");
  });

  test("par-without-duplicate-parameters: takes client_id and request_uri alone", async () => {
    const pushed = await broker.push(broker.request());
    expect(heading(await new Browser().open(broker.link(pushed.body["request_uri"])))).toBe("Sign in");
  });

  test.each<[string, Record<string, string | undefined>, Record<string, string>]>([
    ["ensure-different-nonce-inside-and-outside-request-object:", { nonce: "inside" }, { nonce: "outside" }],
    ["ensure-different-state-inside-and-outside-request-object:", { nonce: "inside" }, { state: "outside" }],
    ["state-only-outside-request-object-not-used:", { nonce: "inside", state: undefined }, { state: "outside" }],
  ])("%s what was pushed counts", async (_module, inside, outside) => {
    const request = broker.request({ scope: "openid", ...inside });
    const pushed = await broker.push(request);
    const url = `${broker.link(pushed.body["request_uri"])}&${new URLSearchParams(outside)}`;
    const browser = new Browser();
    const page = await toCodeConfirmation({ url }, bob, browser, fapiRedirect);
    const { stopped = "" } = await browser.submit(page, { decision: "approve" }, { stopAt: fapiRedirect });
    const callback = new URL(stopped);
    expect(callback.searchParams.get("state")).toBe("state" in inside ? null : request.state);
    const { body } = await broker.redeem(request, callback, broker.holder);
    expect(claimsOf(body["id_token"])["nonce"]).toBe("inside");
  });

  test("par-attempt-reuse-request_uri: a reference that was decided is refused", async () => {
    const request = broker.request();
    const url = broker.link((await broker.push(request)).body["request_uri"]);
    const browser = new Browser();
    const page = await toCodeConfirmation({ url }, bob, browser, fapiRedirect);
    await browser.submit(page, { decision: "approve" }, { stopAt: fapiRedirect });
    expect(heading(await new Browser().open(url, fapiRedirect))).toBe(gone);
  });

  test("par-ensure-reused-request-uri-prior-to-auth-completion-succeeds: one that was only looked at is good", async () => {
    const request = broker.request();
    const url = broker.link((await broker.push(request)).body["request_uri"]);
    expect(heading(await new Browser().open(url))).toBe("Sign in");
    const browser = new Browser();
    const page = await toCodeConfirmation({ url }, bob, browser, fapiRedirect);
    const { stopped = "" } = await browser.submit(page, { decision: "approve" }, { stopAt: fapiRedirect });
    expect((await broker.redeem(request, new URL(stopped), broker.holder)).status).toBe(200);
  });

  test("par-attempt-to-use-expired-request_uri: one whose time is over is refused", async () => {
    const { body } = await broker.push(broker.request());
    clock.advance(Number(body["expires_in"]));
    expect(heading(await new Browser().open(broker.link(body["request_uri"])))).toBe(gone);
  });
});
