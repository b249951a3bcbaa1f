import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { askAuthorization } from "../../support/code-login.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { outcome, pkce } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";
import { bootSuite, redirectUri } from "./relying-party.ts";

const suite = shared(() => bootSuite());
const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const unsigned = (claims: object) => `${b64({ alg: "none" })}.${b64(claims)}.`;

test("oidcc-server: a code flow with client_secret_basic gives tokens that agree with each other", async () => {
  const { callback, tokens } = await suite.flow();
  expect(Object.fromEntries(callback.searchParams)).toEqual({
    client: "1",
    code: expect.any(String),
    state: "s1",
    iss: suite.issuer,
  });
  expect(tokens.status).toBe(200);
  expect(tokens.headers.get("cache-control")).toBe("no-store");
  expect(tokens.body).toMatchObject({ token_type: "Bearer", expires_in: expect.any(Number), scope: "openid" });
  const claims = claimsOf(tokens.body["id_token"]);
  expect(claims).toMatchObject({ iss: suite.issuer, aud: "suite", nonce: "n1", sub: expect.any(String) });
  expect(Number(claims["exp"])).toBeGreaterThan(Number(claims["iat"]));
});

test("oidcc-response-type-missing: the program is told", async () => {
  const { to } = await askAuthorization(suite.ask({ response_type: undefined }));
  expect(to?.searchParams.get("error")).toMatch(/^(unsupported_response_type|invalid_request)$/);
});

test("oidcc-idtoken-signature: the ID token is signed by the published key that it names", async () => {
  const { tokens } = await suite.flow();
  const token = String(tokens.body["id_token"]);
  const keys = createRemoteJWKSet(new URL(`${suite.issuer}/jwks`));
  const options = { issuer: suite.issuer, audience: "suite", currentDate: new Date(suite.clock.millis()) };
  expect((await jwtVerify(token, keys, options)).payload["nonce"]).toBe("n1");
  expect(decodeProtectedHeader(token).kid).toBe(keys.jwks()?.keys[0]?.kid);
});

test.each([
  ["oidcc-userinfo-get:", "GET"],
  ["oidcc-userinfo-post-header:", "POST"],
])("%s userinfo is of the person of the ID token, as JSON", async (_module, method) => {
  const { tokens } = await suite.flow();
  const answer = await suite.userinfo(tokens.body["access_token"], { method });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await answer.json()).toMatchObject({ sub: claimsOf(tokens.body["id_token"])["sub"] });
});

test("oidcc-ensure-request-without-nonce-succeeds-for-code-flow: and the ID token has none", async () => {
  const { tokens } = await suite.flow({ nonce: undefined });
  expect(tokens.status).toBe(200);
  expect(claimsOf(tokens.body["id_token"])).not.toHaveProperty("nonce");
});

test.each<[string, string, object]>([
  ["oidcc-scope-profile:", "openid profile", { name: expect.any(String), preferred_username: expect.any(String) }],
  ["oidcc-scope-email:", "openid email", { email: expect.stringContaining("@a.example"), email_verified: true }],
])("%s userinfo has the claims of the scope", async (_module, scope, claims) => {
  const { tokens } = await suite.flow({ scope });
  expect(await (await suite.userinfo(tokens.body["access_token"])).json()).toMatchObject(claims);
});

test("oidcc-alternate-happy-flow: neither the order of scopes nor of parameters matters", async () => {
  const { tokens } = await suite.flow({ scope: "email profile openid" });
  expect(tokens.status).toBe(200);
  const reversed = new URLSearchParams([...new URL(suite.ask()).searchParams].reverse());
  const { to } = await askAuthorization(`${suite.issuer}/authorize?${reversed}`);
  expect(to?.pathname).toBe("/authorize/confirm");
});

test.each<[string, Record<string, string>]>([
  ["oidcc-display-page:", { display: "page" }],
  ["oidcc-display-popup:", { display: "popup" }],
  ["oidcc-ensure-request-with-unknown-parameter-succeeds:", { extra: "foobar" }],
  ["oidcc-login-hint:", { login_hint: "buffy@suite.example" }],
  ["oidcc-ui-locales:", { ui_locales: "se" }],
  ["oidcc-claims-locales:", { claims_locales: "se" }],
  ["oidcc-ensure-request-with-acr-values-succeeds:", { acr_values: "1 2" }],
  ["oidcc-claims-essential:", { claims: '{"userinfo":{"name":{"essential":true}}}' }],
])("%s does no harm", async (_module, more) => {
  expect((await suite.flow(more)).tokens.status).toBe(200);
});

test("oidcc-codereuse: the second time is invalid_grant", async () => {
  const { callback } = await suite.flow();
  expect(outcome(await suite.redeem(callback))).toBe("400 invalid_grant");
});

test("oidcc-codereuse-30seconds: the access token of the first time is worth nothing then", async () => {
  const { callback, tokens } = await suite.flow();
  suite.clock.advance(30);
  expect((await suite.userinfo(tokens.body["access_token"])).status).toBe(200);
  expect(outcome(await suite.redeem(callback))).toBe("400 invalid_grant");
  expect((await suite.userinfo(tokens.body["access_token"])).status).toBe(401);
});

test("oidcc-ensure-registered-redirect-uri: another address gets a page, and nothing is sent there", async () => {
  const { status, to } = await askAuthorization(suite.ask({ redirect_uri: "https://suite.example/other" }));
  expect([status, to]).toEqual([400, undefined]);
});

test("oidcc-ensure-post-request-succeeds: the request may come as a form", async () => {
  const body = new URL(suite.ask()).searchParams;
  const { status, to } = await askAuthorization(`${suite.issuer}/authorize`, { method: "POST", body });
  expect([status, to?.pathname]).toEqual([303, "/authorize/confirm"]);
});

test("oidcc-server-client-secret-post: the secret may come in the body", async () => {
  const { callback } = await suite.authorize();
  const { status } = await postForm(`${suite.issuer}/token`, {
    grant_type: "authorization_code",
    code: callback.searchParams.get("code") ?? "",
    redirect_uri: redirectUri,
    client_id: "suite",
    client_secret: "suite-s3cret",
  });
  expect(status).toBe(200);
});

test.each<[string, Record<string, string>, string]>([
  [
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported:",
    { request_uri: "https://suite.example/request.jwt" },
    "request_uri_not_supported",
  ],
  [
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported:",
    { request: unsigned({ state: "s2" }) },
    "request_not_supported",
  ],
  [
    "oidcc-ensure-request-object-with-redirect-uri:",
    { request: unsigned({ redirect_uri: "https://evil.example/" }) },
    "request_not_supported",
  ],
])("%s the program is told that it is not taken", async (_module, more, error) => {
  const { to } = await askAuthorization(suite.ask(more));
  expect([to?.host, to?.searchParams.get("error")]).toEqual(["suite.example", error]);
});

test("oidcc-refresh-token: it renews for its own client, and for no other", async () => {
  const { tokens } = await suite.flow({ scope: "openid offline_access", prompt: "consent" });
  const form = { grant_type: "refresh_token", refresh_token: String(tokens.body["refresh_token"]) };
  const stranger = await postForm(`${suite.issuer}/token`, form, suite.basic("second"));
  expect(outcome(stranger)).toBe("400 invalid_grant");
  const renewed = await postForm(`${suite.issuer}/token`, form, suite.basic());
  expect(renewed.status).toBe(200);
  const [before, after] = [tokens, renewed].map(({ body }) => claimsOf(body["id_token"]));
  for (const name of ["iss", "sub", "aud"]) expect(after?.[name]).toEqual(before?.[name]);
  expect(after?.["auth_time"]).toBe(before?.["auth_time"]);
});

test("oidcc-ensure-request-with-valid-pkce-succeeds: with the verifier, and without it there is nothing", async () => {
  const { verifier, challenge } = pkce();
  const { callback } = await suite.authorize({ code_challenge: challenge, code_challenge_method: "S256" });
  expect(outcome(await suite.redeem(callback))).toBe("400 invalid_grant");
  expect((await suite.redeem(callback, { code_verifier: verifier })).status).toBe(200);
});

test("what the suite skips by our metadata is not in them", async () => {
  const metadata = await suite.metadata();
  expect(metadata["id_token_signing_alg_values_supported"]).not.toContain("none");
  for (const scope of ["address", "phone"]) expect(metadata["scopes_supported"]).not.toContain(scope);
  expect(metadata["claims_parameter_supported"]).toBe(false);
});
