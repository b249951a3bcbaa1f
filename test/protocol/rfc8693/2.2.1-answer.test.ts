import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { claimsOf } from "../../support/device-login.ts";
import { outcome, tokenOf } from "../../support/drive.ts";
import { accessTokenType, exchangeForm } from "../../support/exchange.ts";
import { forgerOf } from "../../support/forger.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";
import { portalOf } from "./portal.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => bootWithClients({ clock }));

const { login, exchange } = portalOf(broker, browser);

describe("2.2.1: the answer to an exchange", () => {
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

  test("says what it issued, whichever name of the type was asked for", async () => {
    for (const requested_token_type of [accessTokenType, "urn:ietf:params:oauth:token-type:jwt"]) {
      const { body } = await exchange(tokenOf(await login()), { audience: "gx1", requested_token_type });
      expect(body["issued_token_type"]).toBe(accessTokenType);
    }
  });

  test("is a Bearer token, not bound to anything of the exchange", async () => {
    const { body } = await exchange(tokenOf(await login()));
    expect([body["token_type"], claimsOf(body["access_token"])["cnf"]]).toEqual(["Bearer", undefined]);
  });
});

describe("4.1: actors", () => {
  test("an exchange of an exchanged token names both actors, the later one outside", async () => {
    const first = await exchange(tokenOf(await login()), { audience: "gx1" });
    const second = await broker.asKeyed("/token", "front", exchangeForm(tokenOf(first), { audience: "gx1" }));
    expect(claimsOf(tokenOf(second))["act"]).toEqual({ sub: "front", act: { sub: "portal" } });
    const third = await exchange(tokenOf(second), { audience: "gx1" });
    expect(outcome(third)).toBe("200");
    expect(outcome(await exchange(tokenOf(third), { audience: "gx1" }))).toBe("400 invalid_request");
  });
});

describe("4.4: may_act", () => {
  test("lets only the one that it names act", async () => {
    const forger = await forgerOf(broker);
    const person = tokenOf(await login());
    expect(outcome(await exchange(forger.changed(person, { may_act: { sub: "portal" } })))).toBe("200");
    for (const may_act of [{ sub: "front" }, {}, { sub: ["portal"] }, "portal", { iss: broker.issuer }]) {
      expect(outcome(await exchange(forger.changed(person, { may_act }))), JSON.stringify(may_act)).toBe(
        "400 invalid_request",
      );
    }
  });
});
