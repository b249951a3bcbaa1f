import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, exchangeGrant, resource, type WithClients } from "../../support/clients.ts";
import { claimsOf, type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";

let broker: WithClients;
const clock = heldClock();
const browser = new Browser();
beforeAll(async () => {
  broker = await bootWithClients({ clock });
});
afterAll(() => broker.stop());

const accessTokenType = "urn:ietf:params:oauth:token-type:access_token";
const login = (client_id = "cloudpass", scope = renewable) => logIn(broker.issuer, { client_id, scope }, { browser });
const ask = (token: unknown, form: Record<string, string> = {}) => ({
  grant_type: exchangeGrant,
  subject_token: String(token),
  subject_token_type: accessTokenType,
  ...form,
});
const exchange = (token: unknown, form: Record<string, string> = { resource: resource("gx1") }) =>
  broker.asSecret("/token", "portal", ask(token, form));
const tokenOf = ({ body }: JsonAnswer) => String(body["access_token"]);

describe("rfc8693 2.2: an exchange", () => {
  test("gives one access token for the target, with the same subject and the client as actor, and nothing else", async () => {
    const person = await login();
    const answer = await exchange(tokenOf(person));
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: accessTokenType,
      token_type: "Bearer",
      expires_in: 600,
      scope: "openid profile groups",
    });
    const [before, after] = [claimsOf(tokenOf(person)), claimsOf(tokenOf(answer))];
    expect(after).toMatchObject({
      sub: before["sub"],
      sid: before["sid"],
      flow: before["flow"],
      tenant: before["tenant"],
      aud: "gx1",
      client_id: "portal",
      act: { sub: "portal" },
      groups: ["cp.customer-a.developer"],
    });
  });

  test.each<[string, Record<string, string>]>([
    ["audience", { audience: "gx1" }],
    ["audience as resource indicator", { audience: resource("gx1") }],
    ["both, if they are the same", { audience: "gx1", resource: resource("gx1") }],
    ["a JWT asked for by name", { audience: "gx1", requested_token_type: "urn:ietf:params:oauth:token-type:jwt" }],
  ])("takes %s", async (_what, form) => {
    expect(claimsOf(tokenOf(await exchange(tokenOf(await login()), form)))["aud"]).toBe("gx1");
  });

  test("of an exchanged token names both actors, the later one outside", async () => {
    const first = await exchange(tokenOf(await login()), { audience: "prod1" });
    const second = await broker.asKeyed("/token", "front", ask(tokenOf(first), { audience: "gx2" }));
    expect(claimsOf(tokenOf(second))["act"]).toEqual({ sub: "front", act: { sub: "portal" } });
    const third = await exchange(tokenOf(second), { audience: "prod1" });
    expect(outcome(third)).toBe("200");
    expect(outcome(await exchange(tokenOf(third), { audience: "gx1" }))).toBe("400 invalid_request");
  });
});

describe("rfc8693 2.2.2: an exchange is refused", () => {
  test.each<[string, (login: JsonAnswer) => [unknown, Record<string, string>?], string]>([
    ["for a target beyond the client's", (l) => [tokenOf(l), { resource: resource("gx2") }], "400 invalid_target"],
    ["for an unknown target", (l) => [tokenOf(l), { resource: resource("gx9") }], "400 invalid_target"],
    ["for the issuer", (l) => [tokenOf(l), { resource: broker.issuer }], "400 invalid_target"],
    ["for no target", (l) => [tokenOf(l), {}], "400 invalid_target"],
    ["for two", (l) => [tokenOf(l), { resource: resource("gx1"), audience: "prod1" }], "400 invalid_target"],
    ["for more scope", (l) => [tokenOf(l), { audience: "gx1", scope: "openid email" }], "400 invalid_scope"],
    ["for a refresh token", (l) => [tokenOf(l), { audience: "gx1", scope: "offline_access" }], "400 invalid_scope"],
    ["of a refresh token", (l) => [l.body["refresh_token"]], "400 invalid_request"],
    ["of an ID token", (l) => [l.body["id_token"]], "400 invalid_request"],
    ["of nothing at all", () => [""], "400 invalid_request"],
    ["of rubbish", () => ["a.b.c"], "400 invalid_request"],
    [
      "with another subject_token_type",
      (l) => [tokenOf(l), { audience: "gx1", subject_token_type: "urn:ietf:params:oauth:token-type:id_token" }],
      "400 invalid_request",
    ],
    [
      "for a refresh token by its type",
      (l) => [tokenOf(l), { audience: "gx1", requested_token_type: "urn:ietf:params:oauth:token-type:refresh_token" }],
      "400 invalid_request",
    ],
    ["with an actor_token", (l) => [tokenOf(l), { audience: "gx1", actor_token: "x" }], "400 invalid_request"],
  ])("%s", async (_what, request, said) => {
    expect(outcome(await exchange(...request(await login())))).toBe(said);
  });

  test("for a client without the right, and for a public one", async () => {
    const token = tokenOf(await login());
    expect(outcome(await broker.asSecret("/token", "cloud", ask(token, { audience: "gx1" })))).toBe(
      "400 unauthorized_client",
    );
    const publicOne = { client_id: "cloudpass", ...ask(token, { audience: "gx1" }) };
    expect(outcome(await postForm(`${broker.issuer}/token`, publicOne))).toBe("400 unauthorized_client");
  });

  test("of a login that a target's own client made for its target, elsewhere", async () => {
    const token = tokenOf(await login("gx1", "openid"));
    expect(outcome(await exchange(token, { audience: "prod1" }))).toBe("400 invalid_target");
    expect(outcome(await exchange(token, { audience: "gx1" }))).toBe("200");
  });

  test("when the person has no right there", async () => {
    broker.idp.people["customer-a-idp"] = {
      ...broker.idp.people["customer-a-idp"],
      paula: { name: "Paula", email: "paula@a.example", groups: ["platform"], password: "paula" },
    };
    const own = { email: "paula@a.example", browser: new Browser() };
    const person = await logIn(broker.issuer, { client_id: "cloudpass", scope: renewable }, own);
    // A domain manager at clouds, by a device login of `cloudpass`, and nothing on the cluster.
    expect(outcome(await exchange(tokenOf(person), { audience: "prod1" }))).toBe("400 invalid_target");
    // Through the portal the device login carries no elevated role: exchange brings none back (S-12).
    expect(outcome(await exchange(tokenOf(person), { audience: "gx1" }))).toBe("400 invalid_target");
  });
});

describe("S-12: an exchange of a device login", () => {
  test("leaves behind what the policy withholds from the exchanging client's device logins", async () => {
    const own = { email: "alice@a.example", browser: new Browser() };
    const alice = await logIn(broker.issuer, { client_id: "cloudpass", scope: renewable }, own);
    const there = await refresh(broker.issuer, alice.body["refresh_token"], { resource: resource("gx1") });
    expect(claimsOf(tokenOf(there))["groups"]).toEqual(["cp.customer-a.developer", "cp.customer-a.domain-manager"]);
    expect(claimsOf(tokenOf(await exchange(tokenOf(there))))["groups"]).toEqual(["cp.customer-a.developer"]);
  });

  test("brings back nothing that was withheld from the client that logged in", async () => {
    const own = { email: "alice@a.example", browser: new Browser() };
    const alice = await logIn(broker.issuer, { client_id: "gx1", scope: "openid" }, own);
    expect(claimsOf(tokenOf(alice))["groups"]).toEqual(["cp.customer-a.developer"]);
    expect(claimsOf(tokenOf(await exchange(tokenOf(alice))))["groups"]).toEqual(["cp.customer-a.developer"]);
  });
});

describe("S-27: an exchanged token", () => {
  test("ends with its parent at the latest", async () => {
    const parent = tokenOf(await login());
    clock.advance(400);
    const answer = await exchange(parent);
    expect(answer.body["expires_in"]).toBe(200);
    expect(claimsOf(tokenOf(answer))["exp"]).toBe(claimsOf(parent)["exp"]);
  });

  test("cannot be had of a parent that is over", async () => {
    const parent = tokenOf(await login());
    clock.advance(601);
    expect(outcome(await exchange(parent))).toBe("400 invalid_request");
  });

  test("cannot be had of a login that was ended, and ends with it", async () => {
    const person = await login();
    const before = tokenOf(await exchange(tokenOf(person)));
    const active = async () => (await broker.asSecret("/introspect", "cloud", { token: before })).body["active"];
    expect(await active()).toBe(true);
    await postForm(`${broker.issuer}/revoke`, { client_id: "cloudpass", token: String(person.body["refresh_token"]) });
    expect(outcome(await exchange(tokenOf(person)))).toBe("400 invalid_request");
    expect(await active()).toBe(false);
  });

  test("cannot be revoked by who acts: the login is the person's", async () => {
    const person = await login();
    const token = tokenOf(await exchange(tokenOf(person)));
    expect(outcome(await broker.asSecret("/revoke", "portal", { token }))).toBe("400 unsupported_token_type");
    expect(outcome(await refresh(broker.issuer, person.body["refresh_token"]))).toBe("200");
  });

  test("opens none of our own APIs", async () => {
    const token = tokenOf(await exchange(tokenOf(await login())));
    for (const path of ["/userinfo", "/targets"]) {
      const answer = await fetch(`${broker.issuer}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status, path).toBe(401);
    }
  });
});
