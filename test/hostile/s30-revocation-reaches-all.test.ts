import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { postForm } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

const browser = new Browser();
const login = () => logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });
const revoke = (token: unknown) =>
  postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: String(token) });

describe("S-30: revocation", () => {
  test("reaches what a thief made of the token meanwhile, however many times it was renewed", async () => {
    const { body } = await login();
    let stolen = body["refresh_token"];
    for (let i = 0; i < 3; i++) stolen = (await refresh(broker.issuer, stolen)).body["refresh_token"];
    await revoke(body["refresh_token"]);
    expect(outcome(await refresh(broker.issuer, stolen))).toBe("400 invalid_grant");
  });

  test("wins against refreshes that are under way: once it was answered, no chain lives", async () => {
    for (let round = 0; round < 10; round++) {
      const { body } = await login();
      const [renewed, revoked] = await Promise.all([
        refresh(broker.issuer, body["refresh_token"]),
        revoke(body["refresh_token"]),
      ]);
      expect(revoked.status).toBe(200);
      for (const token of [body["refresh_token"], renewed.body["refresh_token"]]) {
        expect(outcome(await refresh(broker.issuer, token ?? "none"))).toBe("400 invalid_grant");
      }
    }
  });

  test("tells nobody whether a token was known", async () => {
    const { body } = await login();
    const seen = [];
    for (const token of [body["refresh_token"], body["refresh_token"], "guess", "a.b.c"]) {
      const { status, body: said, headers } = await revoke(token);
      seen.push(JSON.stringify([status, said, headers.get("content-length"), headers.get("cache-control")]));
    }
    expect(new Set(seen).size).toBe(1);
  });
});
