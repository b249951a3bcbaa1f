import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, type JsonAnswer } from "../../support/device-login.ts";
import { logIn, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(bootWithClients);

const inactive = { active: false };
const gx1 = () => logIn(broker.issuer, { client_id: "gx1", scope: "openid email offline_access" }, { browser });
const ask = async (id: string, token: unknown) =>
  (await broker.asSecret("/introspect", id, { token: String(token) })).body;

describe("rfc7662 2.2: introspection", () => {
  test("tells the resource server of a target all that its access token says (mod_auth_openidc reads it here)", async () => {
    const { body } = await gx1();
    const answer = await broker.asSecret("/introspect", "cloud", { token: String(body["access_token"]) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      ...claimsOf(body["access_token"]),
      active: true,
      username: "bob",
      token_type: "Bearer",
    });
    expect(answer.body).toMatchObject({
      iss: broker.issuer,
      aud: "gx1",
      client_id: "gx1",
      groups: ["cp.customer-a.developer"],
      exp: expect.any(Number),
      iat: expect.any(Number),
      jti: expect.any(String),
      sub: expect.any(String),
      scope: "openid email offline_access",
    });
  });

  test("tells nobody about a foreign audience: not active, and no word more", async () => {
    const { body } = await gx1();
    expect(await ask("portal", body["access_token"])).toEqual(inactive);
    const tool = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });
    expect(await ask("cloud", tool.body["access_token"])).toEqual(inactive);
    const gx2 = await refresh(broker.issuer, tool.body["refresh_token"], { resource: resource("gx2") });
    expect(await ask("cloud", gx2.body["access_token"])).toEqual(inactive);
  });

  test.each<[string, (login: JsonAnswer) => unknown]>([
    ["an ID token", ({ body }) => body["id_token"]],
    ["another client's refresh token", ({ body }) => body["refresh_token"]],
    ["a token nobody knows", () => "guess"],
    ["something that looks like a JWT", () => "a.b.c"],
    ["a very long one", () => "x".repeat(10_000)],
  ])("says of %s with 200 that it is not active, and no word more", async (_what, token) => {
    const answer = await broker.asSecret("/introspect", "cloud", { token: String(token(await gx1())) });
    expect(answer).toMatchObject({ status: 200, body: inactive });
    expect(Object.keys(answer.body)).toEqual(["active"]);
  });

  test("tells a client about its own tokens, and of a refresh token until that is revoked", async () => {
    const start = (await broker.asSecret("/device_authorization", "portal", { scope: "openid offline_access" })).body;
    const visitor = embeddedVisitor("bob@a.example");
    await decideInBrowser(String(start["verification_uri_complete"]), visitor, "approve", browser);
    const device = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: String(start["device_code"]),
    };
    const { body } = await broker.asSecret("/token", "portal", device);
    const token = body["refresh_token"];
    expect(await ask("portal", token)).toMatchObject({
      active: true,
      client_id: "portal",
      sub: claimsOf(body["access_token"])["sub"],
      scope: "openid offline_access",
      exp: expect.any(Number),
    });
    expect(await ask("portal", body["access_token"])).toMatchObject({ active: true, aud: broker.issuer });
    await broker.asSecret("/token", "portal", { grant_type: "refresh_token", refresh_token: String(token) });
    expect(await ask("portal", token), "it is not rotated: the client proves itself").toMatchObject({ active: true });
    await broker.asSecret("/revoke", "portal", { token: String(token) });
    expect(await ask("portal", token)).toEqual(inactive);
  });
});
