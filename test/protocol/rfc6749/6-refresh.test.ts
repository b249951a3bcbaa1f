import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, type JsonAnswer } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(bootWithClients);

const login = async () => (await logIn(broker.issuer, { client_id: "gx1", scope: renewable }, { browser })).body;
const use = (token: unknown, more: Record<string, string> = {}) =>
  refresh(broker.issuer, token, { client_id: "gx1", ...more });
const scopes = ({ body }: JsonAnswer) => [body["scope"], claimsOf(body["access_token"])["scope"]];

describe("rfc6749 6: scope of a refresh", () => {
  test("left out is all that was granted", async () => {
    expect(scopes(await use((await login())["refresh_token"]))).toEqual([renewable, renewable]);
  });

  test("may be less, and the answer says so; the next refresh token still has all", async () => {
    const less = await use((await login())["refresh_token"], { scope: "openid" });
    expect(scopes(less)).toEqual(["openid", "openid"]);
    const none = await use(less.body["refresh_token"], { scope: "groups" });
    expect(none.body).not.toHaveProperty("id_token");
    expect(scopes(await use(none.body["refresh_token"]))).toEqual([renewable, renewable]);
  });

  test("must not be more than was granted: refused, and the refresh token stays as it was", async () => {
    const { refresh_token } = (
      await logIn(broker.issuer, { client_id: "gx1", scope: "openid offline_access" }, { browser })
    ).body;
    for (const scope of ["openid email", "email", "admin", "OPENID"]) {
      expect(outcome(await use(refresh_token, { scope }))).toBe("400 invalid_scope");
    }
    expect(outcome(await use(refresh_token))).toBe("200");
  });
});

describe("rfc6749 6: a refresh token", () => {
  test("is its own client's alone (10.4)", async () => {
    const { refresh_token } = await login();
    expect(outcome(await use(refresh_token, { client_id: "prod1" }))).toBe("400 invalid_grant");
    expect(outcome(await use(refresh_token, { client_id: "nobody" }))).toBe("401 invalid_client");
    expect(outcome(await use(refresh_token, { client_id: "" }))).toBe("400 invalid_request");
    expect(outcome(await use(refresh_token))).toBe("200");
  });

  test("of a client with a secret wants that secret each time", async () => {
    const start = (await broker.asSecret("/device_authorization", "portal", { scope: renewable })).body;
    const bob = embeddedVisitor("bob@a.example");
    await decideInBrowser(String(start["verification_uri_complete"]), bob, "approve", browser);
    const { body } = await broker.asSecret("/token", "portal", {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: String(start["device_code"]),
    });
    const form = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    expect(outcome(await use(body["refresh_token"], { client_id: "portal" }))).toBe("401 invalid_client");
    expect(outcome(await use(body["refresh_token"], { client_id: "portal", client_secret: "x" }))).toBe(
      "401 invalid_client",
    );
    expect(outcome(await broker.asSecret("/token", "portal", form))).toBe("200");
  });

  test("is no code, and a code is no refresh token", async () => {
    const { refresh_token, access_token, id_token } = await login();
    for (const wrong of [access_token, id_token]) expect(outcome(await use(wrong))).toBe("400 invalid_grant");
    const asCode = { grant_type: "authorization_code", code: String(refresh_token) };
    expect(outcome(await use("", asCode))).toBe("400 invalid_grant");
    expect(outcome(await use(refresh_token))).toBe("200");
  });
});
