import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, startDevice } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

test("S-09: scope and target are those of the device request; what the redemption asks for changes nothing", async () => {
  const redeemWith = { scope: "openid email offline_access" };
  const tokens = await logIn(
    broker.issuer,
    { client_id: "console-tool", scope: "openid", resource: "urn:cloudpass:target:gx1" },
    { redeemWith, browser: new Browser() },
  );
  expect(outcome(tokens)).toBe("200");
  expect(tokens.body).toMatchObject({ scope: "openid" });
  expect(tokens.body["refresh_token"]).toBeUndefined();
  expect(claimsOf(tokens.body["access_token"])).toMatchObject({ aud: "gx1", scope: "openid" });
  expect(claimsOf(tokens.body["id_token"])["email"]).toBeUndefined();
});

test("S-09: another target at redemption is refused, and the login stays what it was", async () => {
  const gx1 = { client_id: "console-tool", resource: "urn:cloudpass:target:gx1" };
  const { device_code, verification_uri_complete } = await startDevice(broker.issuer, gx1);
  await decideInBrowser(verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", new Browser());
  const redeem = (resource: string) => poll(broker.issuer, { client_id: "console-tool", device_code, resource });
  expect(outcome(await redeem("urn:cloudpass:target:gx2"))).toBe("400 invalid_target");
  expect(claimsOf((await redeem(gx1.resource)).body["access_token"])["aud"]).toBe("gx1");
});

test("S-09: a login that was confirmed for one target stays there at every refresh", async () => {
  const gx1 = { client_id: "console-tool", scope: renewable, resource: "urn:cloudpass:target:gx1" };
  const login = await logIn(broker.issuer, gx1);
  const elsewhere = (resource: string) => refresh(broker.issuer, login.body["refresh_token"], { resource });
  expect(outcome(await elsewhere("urn:cloudpass:target:gx2"))).toBe("400 invalid_target");
  expect(outcome(await elsewhere(broker.issuer))).toBe("400 invalid_target");
  const again = await refresh(broker.issuer, login.body["refresh_token"]);
  expect(claimsOf(again.body["access_token"])["aud"]).toBe("gx1");
});
