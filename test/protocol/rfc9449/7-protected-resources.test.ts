import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { claimsOf } from "../../support/device-login.ts";
import { heldClock } from "../../support/held-clock.ts";
import { ath, keyHolder } from "../../support/key-holder.ts";
import { provenRequests } from "../../support/proven-requests.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const [own, other] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
const broker = shared(() => bootWithClients({ clock }));
const requests = provenRequests(broker, browser);

const bound = async () => requests.redeem(await requests.approved(), own);
const get = async (path: string, headers: Record<string, string>, method = "GET") =>
  fetch(`${broker.issuer}${path}`, { method, headers });

describe("7: our own APIs", () => {
  test.each(["/userinfo", "/targets"])("%s takes a bound token with a proof made for it", async (path) => {
    const token = (await bound()).body["access_token"];
    expect((await get(path, await own.bearing(token, "GET", `${broker.issuer}${path}`))).status).toBe(200);
  });

  test("7.2: POST as well, with htm POST", async () => {
    const token = (await bound()).body["access_token"];
    const headers = await own.bearing(token, "POST", `${broker.issuer}/userinfo`);
    expect((await get("/userinfo", headers, "POST")).status).toBe(200);
  });

  test.each<[string, (token: unknown, url: string) => Promise<Record<string, string>>, string]>([
    ["as a plain bearer", async (t) => ({ authorization: `Bearer ${String(t)}` }), "invalid_token"],
    [
      "as a plain bearer, with a proof besides",
      async (t, url) => ({ ...(await own.bearing(t, "GET", url)), authorization: `Bearer ${String(t)}` }),
      "invalid_token",
    ],
    ["without a proof", async (t) => ({ authorization: `DPoP ${String(t)}` }), "invalid_dpop_proof"],
    ["with a thief's proof", (t, url) => other.bearing(t, "GET", url), "invalid_token"],
    [
      "with a proof for no token",
      async (t, url) => ({ authorization: `DPoP ${String(t)}`, dpop: await own.proof("GET", url) }),
      "invalid_dpop_proof",
    ],
    [
      "with a proof for another token",
      async (t, url) => ({
        authorization: `DPoP ${String(t)}`,
        dpop: await own.proof("GET", url, { ath: ath("x") }),
      }),
      "invalid_dpop_proof",
    ],
  ])("refuse a bound token %s", async (_how, headers, code) => {
    const { body } = await bound();
    const response = await get("/userinfo", await headers(body["access_token"], `${broker.issuer}/userinfo`));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: code });
    const challenge = response.headers.get("www-authenticate") ?? "";
    expect(challenge).toContain("DPoP ");
    expect(challenge).toContain('algs="ES256');
  });

  test("take the name of the scheme in any letters", async () => {
    const token = (await bound()).body["access_token"];
    const headers = await own.bearing(token, "GET", `${broker.issuer}/userinfo`);
    const { authorization = "" } = headers;
    expect((await get("/userinfo", { ...headers, authorization: authorization.replace("DPoP", "dpop") })).status).toBe(
      200,
    );
  });

  test("take each proof once, and a new one again", async () => {
    const token = (await bound()).body["access_token"];
    const headers = await own.bearing(token, "GET", `${broker.issuer}/userinfo`);
    const statuses = [await get("/userinfo", headers), await get("/userinfo", headers)].map((r) => r.status);
    expect(statuses).toEqual([200, 401]);
    const again = await own.bearing(token, "GET", `${broker.issuer}/userinfo`);
    expect((await get("/userinfo", again)).status).toBe(200);
  });

  test.each<[string, (token: unknown) => Promise<Record<string, string>>]>([
    ["another address", (t) => own.bearing(t, "GET", `${broker.issuer}/targets`)],
    ["another method", (t) => own.bearing(t, "POST", `${broker.issuer}/userinfo`)],
  ])("refuse a proof for %s", async (_what, headers) => {
    const response = await get("/userinfo", await headers((await bound()).body["access_token"]));
    expect([response.status, await response.json()]).toMatchObject([401, { error: "invalid_dpop_proof" }]);
  });

  test("refuse the token bound to a key that a forger exchanged in it", async () => {
    const token = (await bound()).body["access_token"];
    const [head = "", , signature = ""] = String(token).split(".");
    const forged = { ...claimsOf(token), cnf: { jkt: other.jkt } };
    const changed = `${head}.${Buffer.from(JSON.stringify(forged)).toString("base64url")}.${signature}`;
    const response = await get("/userinfo", await other.bearing(changed, "GET", `${broker.issuer}/userinfo`));
    expect(response.status).toBe(401);
  });
});
