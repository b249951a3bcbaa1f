import { describe, expect, test } from "vitest";
import { Browser, heading, type Page, plainText } from "../support/browser.ts";
import { bootWithClients, resource } from "../support/clients.ts";
import { codeRequest, toCodeConfirmation } from "../support/code-login.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, startDevice, toConfirmation } from "../support/device-login.ts";
import { outcome } from "../support/drive.ts";
import { exchangeAtPortal } from "../support/exchange.ts";
import { shared } from "../support/shared.ts";

// A program that the page calls harmless is told more than the page said: a name, an address, every right.

const broker = shared(bootWithClients);
const bob = embeddedVisitor("bob@a.example");
const browser = new Browser();

/** Tokens of the portal's login, which may have any scope and look into its own tokens. */
async function login(scope: string) {
  const start = (await broker.asSecret("/device_authorization", "portal", { scope })).body;
  await decideInBrowser(String(start["verification_uri_complete"]), bob, "approve", browser);
  const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
  const { body } = await broker.asSecret("/token", "portal", { grant_type, device_code: String(start["device_code"]) });
  return body;
}

const refreshed = async (refresh_token: unknown, target: string) => {
  const form = { grant_type: "refresh_token", refresh_token: String(refresh_token), resource: resource(target) };
  return (await broker.asSecret("/token", "portal", form)).body["access_token"];
};

const get = async (path: string, token: unknown) => {
  const response = await fetch(`${broker.issuer}${path}`, { headers: { authorization: `Bearer ${String(token)}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const introspect = async (token: unknown) =>
  (await broker.asSecret("/introspect", "portal", { token: String(token) })).body;

const names = ["name", "preferred_username", "username", "given_name", "family_name", "nickname"];
const addresses = ["email", "email_verified"];
/** Which of what says more than an id an answer tells. */
const told = (answer: Record<string, unknown>) => [...names, ...addresses].filter((claim) => claim in answer).sort();

describe.each(["openid", "openid profile", "openid email", "openid groups", "openid profile email groups"])(
  "S-85: with the scope %s",
  (scope) => {
    const has = (s: string) => scope.split(" ").includes(s);
    const expected = [
      ...(has("profile") ? ["name", "preferred_username"] : []),
      ...(has("email") ? ["email", "email_verified"] : []),
    ].sort();
    const withUsername = (claims: string[]) => (has("profile") ? [...claims, "username"].sort() : claims);

    test("ID token, access token, userinfo, introspection and the list of targets tell that and no more", async () => {
      const tokens = await login(`${scope} offline_access`);
      const access = tokens["access_token"];
      expect(told(claimsOf(tokens["id_token"])), "ID token").toEqual(expected);
      expect(told(claimsOf(access)), "access token").toEqual(expected);
      expect(told((await get("/userinfo", access)).body), "userinfo").toEqual(expected);
      expect(told(await introspect(access)), "introspection").toEqual(withUsername(expected));
      expect(told(await introspect(tokens["refresh_token"])), "introspection of the refresh token").toEqual([]);
      const list = await get("/targets", access);
      expect(list.status, "targets").toBe(has("groups") ? 200 : 403);
      expect(told(list.body), "targets").toEqual(has("groups") && has("profile") ? ["name", "preferred_username"] : []);
      if (!has("groups")) expect(JSON.stringify(list.body)).not.toMatch(/gx1|member|customer-a/);
    });

    test("a cluster is told that and no more; a cloud the user name, which Keystone makes its user of", async () => {
      const tokens = await login(`${scope} offline_access`);
      const cluster = claimsOf(await refreshed(tokens["refresh_token"], "prod1"));
      const cloud = claimsOf(await refreshed(tokens["refresh_token"], "gx1"));
      expect(told(cluster)).toEqual(expected);
      expect(told(cloud)).toEqual([...new Set([...expected, "preferred_username"])].sort());
      const exchanged = claimsOf((await exchangeAtPortal(broker, tokens["access_token"])).body["access_token"]);
      expect(told(exchanged)).toEqual([...new Set([...expected, "preferred_username"])].sort());
      for (const claims of [cluster, cloud, exchanged]) expect(claims["groups"]).toEqual(["cp.customer-a.developer"]);
    });
  },
);

test("S-85: a refresh with less scope tells less, and an access token without any tells nobody's name", async () => {
  const tokens = await login("openid profile email groups offline_access");
  const form = { grant_type: "refresh_token", refresh_token: String(tokens["refresh_token"]), scope: "openid" };
  const less = (await broker.asSecret("/token", "portal", form)).body;
  for (const token of [less["access_token"], less["id_token"]]) expect(told(claimsOf(token))).toEqual([]);
  expect((await get("/targets", less["access_token"])).status).toBe(403);
});

test("S-85: a robot's token is named only for a cloud, or with the scope", async () => {
  const robot = async (target: string, scope: string) => {
    const form = { grant_type: "client_credentials", resource: resource(target), scope };
    return claimsOf((await broker.asKeyed("/token", "ci", form)).body["access_token"]);
  };
  expect(told(await robot("prod1", "groups"))).toEqual([]);
  expect(told(await robot("gx1", "groups"))).toEqual(["preferred_username"]);
});

describe("S-85: the page of a confirmation", () => {
  const said = (page: Page) => plainText(page);
  const device = async (client_id: string, scope: string) => {
    const start = await startDevice(broker.issuer, { client_id, scope });
    return said(await toConfirmation(browser, start.verification_uri_complete, bob));
  };
  const code = async (scope: string) => {
    const page = await toCodeConfirmation(codeRequest(broker.issuer, "console-tool", { scope }), bob, browser);
    expect(heading(page)).toBe("Log in to a program?");
    return said(page);
  };
  const cloudSees = "show your user name to each cloud";

  test("says each scope by what it tells, and what a cloud is told besides", async () => {
    for (const text of [await device("console-tool", "openid"), await code("openid")]) {
      expect(text).toContain("recognize you by an id (not your name), and know your organization");
      expect(text).toContain(cloudSees);
      for (const more of ["see your name", "see your e-mail", "see your rights there"])
        expect(text).not.toContain(more);
    }
    for (const text of [await device("console-tool", "openid profile groups"), await code("openid profile groups")]) {
      expect(text).toContain("see your name and user name");
      expect(text).toContain("see your rights there");
      expect(text).not.toContain(cloudSees);
    }
  });

  test("does not speak of clouds where none is reached", async () => {
    expect(await device("prod1", "openid")).not.toContain(cloudSees);
    expect(await device("gx1", "openid")).toContain(cloudSees);
  });
});

test("S-85: who asks for the targets without the scope is told which one is missing", async () => {
  const { access_token } = await login("openid profile");
  const response = await fetch(`${broker.issuer}/targets`, { headers: { authorization: `Bearer ${access_token}` } });
  expect(response.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
  const body = (await response.json()) as Record<string, unknown>;
  expect(outcome({ status: response.status, body, headers: response.headers })).toBe("403 insufficient_scope");
  expect(String(body["error_description"])).toContain("groups");
});
