import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable, tokenOf } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { portalOf } from "./portal.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => bootWithClients({ clock }));

const { login, exchange } = portalOf(broker, browser);

/** Security considerations: an exchange gives nobody more, and nothing for longer, than the token that was traded. */
describe("S-12: an exchange of a device login", () => {
  test("leaves behind what the policy withholds from the exchanging client's device logins", async () => {
    const own = { email: "alice@a.example", browser: new Browser() };
    const alice = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, own);
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
    await postForm(`${broker.issuer}/revoke`, {
      client_id: "console-tool",
      token: String(person.body["refresh_token"]),
    });
    expect(outcome(await exchange(tokenOf(person)))).toBe("400 invalid_request");
    expect(await active()).toBe(false);
  });

  test("is revoked by who acts for itself alone: the login is the person's", async () => {
    const person = await login();
    const token = tokenOf(await exchange(tokenOf(person)));
    expect((await broker.asSecret("/revoke", "portal", { token })).status).toBe(200);
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
