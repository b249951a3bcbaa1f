import { afterAll, beforeAll, expect, test } from "vitest";
import { type Booted, boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { claimsOf } from "../support/device-login.ts";
import { logIn, outcome } from "../support/drive.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

test("S-09: scope and target are those of the device request; what the redemption asks for changes nothing", async () => {
  const redeemWith = { scope: "openid email offline_access", resource: "urn:cloudpass:target:gx2" };
  const tokens = await logIn(
    broker.issuer,
    { client_id: "cloudpass", scope: "openid", resource: "urn:cloudpass:target:gx1" },
    { redeemWith, browser: new Browser() },
  );
  expect(outcome(tokens)).toBe("200");
  expect(tokens.body).toMatchObject({ scope: "openid" });
  expect(tokens.body["refresh_token"]).toBeUndefined();
  expect(claimsOf(tokens.body["access_token"])).toMatchObject({ aud: "gx1", scope: "openid" });
  expect(claimsOf(tokens.body["id_token"])["email"]).toBeUndefined();
});
