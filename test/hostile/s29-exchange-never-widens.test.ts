import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../support/browser.ts";
import { bootWithClients, exchangeGrant, resource } from "../support/clients.ts";
import { claimsOf, type JsonAnswer } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { type Forger, forgerOf } from "../support/forger.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
let forger: Forger;
let login: JsonAnswer;
const broker = shared(() => bootWithClients({ clock }));
beforeAll(async () => {
  forger = await forgerOf(broker);
  login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser: new Browser() });
});

const real = () => login.body["access_token"];
const exchange = (subject_token: unknown, form: Record<string, string> = { audience: "gx1" }) =>
  broker.asSecret("/token", "portal", {
    grant_type: exchangeGrant,
    subject_token: String(subject_token),
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    ...form,
  });

describe("S-29: an exchange", () => {
  test.each<[string, unknown, string]>([
    ["lets this client act", { sub: "portal" }, "200"],
    ["lets another client act", { sub: "front" }, "400 invalid_request"],
    ["lets nobody act", {}, "400 invalid_request"],
    ["names a list", ["portal"], "400 invalid_request"],
    ["is null", null, "400 invalid_request"],
    ["is a bare name", "portal", "400 invalid_request"],
  ])("honours may_act: one that %s", async (_what, may_act, said) => {
    expect(outcome(await exchange(forger.changed(real(), { may_act })))).toBe(said);
  });

  test("takes subject and rights from the login, never from the token's other claims", async () => {
    const forged = forger.changed(real(), {
      groups: ["cp.customer-a.domain-manager"],
      tenant: "urn:cloudpass:tenant:customer-b",
    });
    const claims = claimsOf((await exchange(forged)).body["access_token"]);
    expect(claims).toMatchObject({
      sub: claimsOf(real())["sub"],
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
    });
  });

  test("gives no scope that the token does not have, whatever the client may ask for", async () => {
    const narrow = forger.changed(real(), { scope: "openid" });
    expect((await exchange(narrow)).body["scope"]).toBe("openid");
    expect(outcome(await exchange(narrow, { audience: "gx1", scope: "openid profile" }))).toBe("400 invalid_scope");
  });

  test("of an exchanged token gets narrower again, stays at its target, and never comes back to us", async () => {
    const once = await exchange(real(), { audience: "gx1", scope: "openid" });
    const twice = await exchange(once.body["access_token"], { audience: "gx1" });
    expect(twice.body["scope"]).toBe("openid");
    expect(outcome(await exchange(twice.body["access_token"], { audience: "prod1" }))).toBe("400 invalid_target");
    for (const form of [{ resource: broker.issuer }, { audience: broker.issuer }]) {
      expect(outcome(await exchange(twice.body["access_token"], form))).toBe("400 invalid_target");
    }
  });

  test("of a token that a cloud was handed gets nobody to another cloud: its operator could have brought it", async () => {
    const handed = (await refresh(broker.issuer, login.body["refresh_token"], { resource: resource("gx1") })).body;
    expect(outcome(await exchange(handed["access_token"], { audience: "prod1" }))).toBe("400 invalid_target");
    expect(outcome(await exchange(handed["access_token"], { audience: "gx1" }))).toBe("200");
  });

  test("of a token that is bound to a key is refused to who has the token alone", async () => {
    const bound = forger.changed(real(), { cnf: { jkt: "k".repeat(43) } });
    expect(outcome(await exchange(bound))).toBe("400 invalid_request");
  });

  test("keeps how the login came about: a device login stays one (S-12)", async () => {
    expect(claimsOf((await exchange(real())).body["access_token"])["flow"]).toBe("device");
  });

  test("is written down with the client that asked", async () => {
    await exchange(real());
    const said = broker.lines.filter((l) => l.includes('"token.issued"') && l.includes('"grant":"token_exchange"'));
    expect(said.some((l) => l.includes('"client":"portal"') && l.includes('"audience":"gx1"'))).toBe(true);
  });
});
