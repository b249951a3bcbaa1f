import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../support/browser.ts";
import { bootWithClients, exchangeGrant } from "../support/clients.ts";
import type { JsonAnswer } from "../support/device-login.ts";
import { logIn, outcome, renewable, tokenOf } from "../support/drive.ts";
import { type Forger, forgerOf } from "../support/forger.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
let forger: Forger;
let [cli, gx1]: JsonAnswer[] = [];
const broker = shared(() => bootWithClients({ clock }));
beforeAll(async () => {
  forger = await forgerOf(broker);
  const browser = new Browser();
  const login = (client_id: string, scope: string) => logIn(broker.issuer, { client_id, scope }, { browser });
  [cli, gx1] = [await login("console-tool", renewable), await login("gx1", "openid")];
});

const userinfo = async (token: string) =>
  (await fetch(`${broker.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;
const introspect = async (token: string) => (await broker.asSecret("/introspect", "cloud", { token })).body["active"];
const exchange = async (subject_token: string) =>
  outcome(
    await broker.asSecret("/token", "portal", {
      grant_type: exchangeGrant,
      subject_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "gx1",
    }),
  );

describe("S-24: each endpoint that takes a token asks the one judge", () => {
  test("the same token signed again is good: what follows fails for its own reason", async () => {
    expect(await userinfo(forger.changed(tokenOf(cli), {}))).toBe(200);
    expect(await introspect(forger.changed(tokenOf(gx1), {}))).toBe(true);
    expect(await exchange(forger.changed(tokenOf(cli), {}))).toBe("200");
  });

  test("userinfo refuses every forgery", async () => {
    for (const [what, token] of forger.forgeries(tokenOf(cli), clock.now())) {
      expect(await userinfo(token), what).toBe(401);
    }
  });

  test("introspection calls every forgery inactive", async () => {
    for (const [what, token] of forger.forgeries(tokenOf(gx1), clock.now())) {
      expect(await introspect(token), what).toBe(false);
    }
  });

  test("exchange refuses every forgery", async () => {
    for (const [what, token] of forger.forgeries(tokenOf(cli), clock.now())) {
      // A token for a target may be traded for that very target; it is the way to another one that is closed.
      const said = what === "a foreign audience" ? "400 invalid_target" : "400 invalid_request";
      expect(await exchange(token), what).toBe(said);
    }
  });
});
