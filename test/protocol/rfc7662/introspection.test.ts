import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource, type WithClients } from "../../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";

let broker: WithClients;
const clock = heldClock();
const browser = new Browser();
beforeAll(async () => {
  broker = await bootWithClients({ clock });
});
afterAll(() => broker.stop());

const inactive = { active: false };
const gx1 = () => logIn(broker.issuer, { client_id: "gx1", scope: "openid email offline_access" }, { browser });
const ask = async (id: string, token: unknown, more: Record<string, string> = {}) =>
  (await broker.asSecret("/introspect", id, { token: String(token), ...more })).body;

describe("rfc7662 2.2: introspection", () => {
  test("tells the resource server of a target all that its access token says (mod_auth_openidc reads it here)", async () => {
    const { body } = await gx1();
    const answer = await broker.asSecret("/introspect", "cloud", {
      token: String(body["access_token"]),
      token_type_hint: "access_token",
    });
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
      scope: "openid email offline_access",
    });
  });

  test("answers whatever the hint says", async () => {
    const { body } = await gx1();
    for (const token_type_hint of ["refresh_token", "nonsense"]) {
      expect((await ask("cloud", body["access_token"], { token_type_hint }))["active"]).toBe(true);
    }
  });

  test("tells nobody about a foreign audience: not active, and no word more", async () => {
    const { body } = await gx1();
    expect(await ask("portal", body["access_token"])).toEqual(inactive);
    const cli = await logIn(broker.issuer, { client_id: "cloudpass", scope: renewable }, { browser });
    expect(await ask("cloud", cli.body["access_token"])).toEqual(inactive);
    const gx2 = await refresh(broker.issuer, cli.body["refresh_token"], { resource: resource("gx2") });
    expect(await ask("cloud", gx2.body["access_token"])).toEqual(inactive);
  });

  test.each<[string, (login: JsonAnswer) => unknown]>([
    ["an ID token", ({ body }) => body["id_token"]],
    ["another client's refresh token", ({ body }) => body["refresh_token"]],
    ["a token nobody knows", () => "guess"],
    ["something that looks like a JWT", () => "a.b.c"],
    ["a very long one", () => "x".repeat(10_000)],
    ["a changed one", ({ body }) => `${String(body["access_token"]).slice(0, -8)}AAAAAAAA`],
  ])("says of %s that it is not active", async (_what, token) => {
    expect(await ask("cloud", token(await gx1()))).toEqual(inactive);
  });

  test("says of a token whose time is over that it is not active", async () => {
    const { body } = await gx1();
    clock.advance(601);
    expect(await ask("cloud", body["access_token"])).toEqual(inactive);
  });

  test("S-10: says of a token that it is not active as soon as its login was ended", async () => {
    const { body } = await gx1();
    expect((await ask("cloud", body["access_token"]))["active"]).toBe(true);
    await postForm(`${broker.issuer}/revoke`, { client_id: "gx1", token: String(body["refresh_token"]) });
    expect(await ask("cloud", body["access_token"])).toEqual(inactive);
  });

  test("tells a client about its own refresh token, until that is used", async () => {
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
    expect(await ask("portal", token)).toEqual(inactive);
  });
});

describe("rfc7662 2.1: introspection is refused", () => {
  test.each<[string, Record<string, string>, string]>([
    ["to a public client", { client_id: "gx1", token: "x" }, "401 invalid_client"],
    ["to nobody", { token: "x" }, "400 invalid_request"],
    ["to somebody unknown", { client_id: "nobody", token: "x" }, "401 invalid_client"],
    ["to who only says its name", { client_id: "cloud", token: "x" }, "401 invalid_client"],
  ])("%s", async (_who, form, said) => {
    expect(outcome(await postForm(`${broker.issuer}/introspect`, form))).toBe(said);
  });

  test("to a bearer of a token, without client authentication", async () => {
    const { body } = await gx1();
    const authorization = `Bearer ${String(body["access_token"])}`;
    const answer = await postForm(`${broker.issuer}/introspect`, { token: "x" }, { authorization });
    expect(outcome(answer)).toBe("400 invalid_request");
  });

  test("without a token", async () => {
    expect(outcome(await broker.asSecret("/introspect", "cloud", {}))).toBe("400 invalid_request");
  });
});
