import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => bootWithClients({ clock }));

const login = (client_id: string, scope: string) => logIn(broker.issuer, { client_id, scope }, { browser });
const call = async (authorization: string | undefined, init: RequestInit = {}) => {
  const headers = { ...(init.headers as object), ...(authorization !== undefined && { authorization }) };
  const response = await fetch(`${broker.issuer}/userinfo`, { ...init, headers });
  const text = await response.text();
  return { response, body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>) };
};
const bearer = ({ body }: JsonAnswer) => `Bearer ${String(body["access_token"])}`;

describe("OpenID Connect Core 5.3: userinfo", () => {
  test("says who the person is, in the words of the ID token", async () => {
    const answer = await login("console-tool", "openid profile email");
    const { response, body } = await call(bearer(answer));
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    const id = claimsOf(answer.body["id_token"]);
    expect(body).toMatchObject({
      sub: id["sub"],
      preferred_username: "bob",
      name: "Bob Behrens",
      email: "bob@a.example",
      email_verified: true,
      tenant: id["tenant"],
    });
    expect(body["groups"]).toBeUndefined();
  });

  test("tells no e-mail address without the scope", async () => {
    expect((await call(bearer(await login("console-tool", "openid")))).body["email"]).toBeUndefined();
  });

  test("answers POST with a form, with an empty body and with another media type the same", async () => {
    const authorization = bearer(await login("console-tool", "openid"));
    for (const init of [
      { method: "POST" },
      { method: "POST", body: "", headers: { "content-type": "application/x-www-form-urlencoded" } },
      { method: "POST", body: "{}", headers: { "content-type": "application/json" } },
    ]) {
      expect((await call(authorization, init)).response.status).toBe(200);
    }
  });

  test("takes the token of a target's own client, with the groups there", async () => {
    const { body } = await call(bearer(await login("gx1", "openid profile")));
    expect(body).toMatchObject({ preferred_username: "bob", groups: ["cp.customer-a.developer"] });
    const less = (await call(bearer(await login("gx1", "openid")))).body;
    expect(less).toMatchObject({ groups: ["cp.customer-a.developer"] });
    expect(less).not.toHaveProperty("preferred_username");
  });
});

describe("rfc6750 3.1: userinfo refuses", () => {
  test.each<[string, string | undefined]>([
    ["nobody", undefined],
    ["Basic", "Basic eDp5"],
    ["an empty token", "Bearer "],
  ])("%s, with a challenge that asks for a token", async (_what, authorization) => {
    const response = await fetch(`${broker.issuer}/userinfo`, { headers: authorization ? { authorization } : {} });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm="[^"]+", DPoP realm="[^"]+", algs="ES256 /);
  });

  test.each<[string, () => Promise<string> | string]>([
    ["two tokens", () => "Bearer a b"],
    ["rubbish", () => "Bearer a.b.c"],
    ["an ID token", async () => `Bearer ${String((await login("console-tool", "openid")).body["id_token"])}`],
    [
      "a token that the command got for a cloud",
      async () => {
        const cli = await login("console-tool", renewable);
        return bearer(await refresh(broker.issuer, cli.body["refresh_token"], { resource: resource("gx1") }));
      },
    ],
    [
      "a plain token by the DPoP scheme",
      async () => bearer(await login("console-tool", "openid")).replace("Bearer", "DPoP"),
    ],
    [
      "a token of a login that was ended",
      async () => {
        const cli = await login("console-tool", renewable);
        await postForm(`${broker.issuer}/revoke`, {
          client_id: "console-tool",
          token: String(cli.body["refresh_token"]),
        });
        return bearer(cli);
      },
    ],
    [
      "a token whose time is over",
      async () => {
        const authorization = bearer(await login("console-tool", "openid"));
        clock.advance(601);
        return authorization;
      },
    ],
  ])("%s, with a challenge", async (_what, authorization) => {
    const { response, body } = await call(await authorization());
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token", .*DPoP algs="ES256 /);
    expect(body["error"]).toBe("invalid_token");
  });

  test("a token in the query or in the body", async () => {
    const token = String((await login("console-tool", "openid")).body["access_token"]);
    const inQuery = await fetch(`${broker.issuer}/userinfo?access_token=${token}`);
    expect(inQuery.status).toBe(401);
    expect((await postForm(`${broker.issuer}/userinfo`, { access_token: token })).status).toBe(401);
  });

  test("a token without the scope openid, by its own word", async () => {
    const { response, body } = await call(bearer(await login("console-tool", "profile")));
    expect(response.status).toBe(403);
    expect(body["error"]).toBe("insufficient_scope");
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="insufficient_scope"/);
  });
});
