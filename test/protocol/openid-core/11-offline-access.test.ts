import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, plainText } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, type JsonAnswer } from "../../support/device-login.ts";
import { outcome, refresh } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(() => boot({ clock }));

async function login(scope: string, more: Record<string, string> = {}): Promise<JsonAnswer> {
  const request = codeRequest(broker.issuer, "prod1", { scope, ...more });
  const callback = await decideCode(request, bob, "approve", browser);
  return redeemCode(broker.issuer, "prod1", request, callback);
}

describe("11: offline access", () => {
  test("is given only when it was asked for", async () => {
    expect((await login("openid")).body["refresh_token"]).toBeUndefined();
    expect((await login("openid offline_access")).body["refresh_token"]).toBeTypeOf("string");
  });

  test("is shown to the person, who consents each time", async () => {
    const page = await toCodeConfirmation(
      codeRequest(broker.issuer, "prod1", { scope: "openid offline_access" }),
      bob,
      browser,
    );
    expect(plainText(page)).toContain("stay logged in");
  });
});

describe("12.2: the ID token of a refresh", () => {
  test("has issuer, subject, audience and time of sign-in of the first one, a time of its own, and no nonce", async () => {
    const first = await login("openid offline_access", { nonce: "n1" });
    clock.advance(300);
    const next = await refresh(broker.issuer, first.body["refresh_token"], { client_id: "prod1" });
    expect(outcome(next)).toBe("200");
    const [before, after] = [claimsOf(first.body["id_token"]), claimsOf(next.body["id_token"])];
    for (const name of ["iss", "sub", "aud", "auth_time", "azp"]) expect(after[name], name).toEqual(before[name]);
    expect(after["iat"]).toBe(Number(before["iat"]) + 300);
    expect([before["nonce"], after["nonce"]]).toEqual(["n1", undefined]);
  });
});
