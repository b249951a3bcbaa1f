import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { claimsOf } from "../../support/device-login.ts";
import { logIn, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

let token: string;
const clock = heldClock();
const browser = new Browser();
const login = async (form: Record<string, string>) =>
  (await logIn(broker.issuer, { client_id: "console-tool", ...form }, { browser })).body;
const broker = shared(() => boot({ clock }));
beforeAll(async () => {
  token = String((await login({ scope: renewable }))["access_token"]);
});

const get = (path: string, authorization?: string) =>
  fetch(`${broker.issuer}${path}`, { headers: authorization === undefined ? {} : { authorization } });
const text = String.raw`[\x20\x21\x23-\x5b\x5d-\x7e]+`;

describe.each(["/targets", "/userinfo"])("rfc6750 3: %s", (path) => {
  test.each<[string, string | undefined]>([
    ["nothing", undefined],
    ["no token", "Bearer"],
    ["no token, but a blank", "Bearer "],
    ["no token by the DPoP scheme", "DPoP"],
    ["another scheme", "Basic eDp5"],
    ["a token without its scheme", "TOKEN"],
  ])("3.1: asks whoever brings %s for a token, and speaks of no error", async (_what, authorization) => {
    for (const dpop of [undefined, "a.b.c"]) {
      const headers = {
        ...(authorization && { authorization: authorization.replace("TOKEN", token) }),
        ...(dpop && { dpop }),
      };
      const response = await fetch(`${broker.issuer}${path}`, { headers });
      expect(response.status).toBe(401);
      const challenge = response.headers.get("www-authenticate") ?? "";
      expect(challenge).toMatch(/^Bearer realm="cloudpass", DPoP realm="cloudpass", algs="[A-Za-z0-9 ]+"$/);
      expect(response.headers.get("cache-control")).toBe("no-store");
      expect(await response.text()).toBe("");
    }
  });

  test.each<[string, string]>([
    ["a token that is none", "Bearer a.b.c"],
    ["one by the DPoP scheme", "DPoP a.b.c"],
    ["a token with something behind it", "Bearer TOKEN x"],
    ["a token with a comma behind it", "Bearer TOKEN,"],
    ["a token in quotes", 'Bearer "TOKEN"'],
  ])("refuses %s with 401 and a challenge that names scheme and error", async (_what, authorization) => {
    const response = await get(path, authorization.replace("TOKEN", token));
    expect(response.status).toBe(401);
    const challenge = response.headers.get("www-authenticate") ?? "";
    expect(challenge).toMatch(
      new RegExp(`^Bearer error="invalid_token", error_description="${text}", DPoP algs="[A-Za-z0-9 ]+"$`),
    );
    for (const once of ["realm=", "scope=", "error=", "error_description="])
      expect(challenge.split(once).length).toBeLessThanOrEqual(2);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ error: "invalid_token" });
  });

  test("5.3: no token ever gets into a log", async () => {
    await get(path, `Bearer ${token}`);
    await get(path, `Bearer ${token}x`);
    expect(broker.lines.join("\n")).not.toContain(token.slice(-40));
  });
});

describe("rfc6750 3.1: userinfo", () => {
  test("refuses a token without the scope openid with 403 and insufficient_scope", async () => {
    const { access_token } = await login({ scope: "groups" });
    const response = await get("/userinfo", `Bearer ${String(access_token)}`);
    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toMatch(
      new RegExp(`^Bearer error="insufficient_scope", error_description="${text}"$`),
    );
    expect(await response.json()).toMatchObject({ error: "insufficient_scope" });
  });

  test("refuses a token whose time is over, and says so", async () => {
    const { access_token } = await login({ scope: "openid" });
    clock.advance(601);
    const response = await get("/userinfo", `Bearer ${String(access_token)}`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: "invalid_token", error_description: "the token has expired" });
  });
});

test("rfc6750 5.3: a token is short-lived (an hour at most) and says for whom it is", async () => {
  const { access_token, expires_in } = await login({ scope: "openid" });
  expect(Number(expires_in)).toBeLessThanOrEqual(3600);
  expect(claimsOf(access_token)["aud"]).toBe(broker.issuer);
});
