import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, heading } from "../support/browser.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

// A device login is the weakest kind: whoever got one by trickery must not turn it into more.

const broker = shared(boot);

const offline = "openid groups offline_access";

async function deviceLogin(client: string) {
  const start = await startDevice(broker.issuer, { client_id: client, scope: offline });
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor("alice@a.example"), "approve");
  const tokens = await poll(broker.issuer, { client_id: client, device_code: start.device_code });
  expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
  return tokens.body;
}

describe("S-12: a device login stays a device login", () => {
  test("it never carries an elevated role, unless the operator's policy names the client; refresh does not change that", async () => {
    // The example policy allows the manager role over a device login to the cloudpass command only; alice is a manager.
    const tokens = await deviceLogin("gx1");
    expect(claimsOf(tokens["access_token"])).toMatchObject({ flow: "device", groups: ["cp.customer-a.developer"] });
    const refresh = { grant_type: "refresh_token", client_id: "gx1", refresh_token: String(tokens["refresh_token"]) };
    const again = await postForm(`${broker.issuer}/token`, refresh);
    expect(claimsOf(again.body["access_token"])).toMatchObject({ flow: "device", groups: ["cp.customer-a.developer"] });
  });

  test("its tokens open no page: not the confirmation of another device, not the account", async () => {
    const tokens = await deviceLogin("gx1");
    const other = await startDevice(broker.issuer, { client_id: "gx1" });
    for (const path of [`/device?user_code=${other.user_code}`, "/device/confirm?flow=x", "/account"]) {
      const browser = new Browser();
      browser.setCookie(broker.issuer, "cloudpass", String(tokens["access_token"]));
      expect(heading(await browser.open(`${broker.issuer}${path}`)), path).toBe("Sign in");
    }
    const pending = await poll(broker.issuer, { client_id: "gx1", device_code: other.device_code });
    expect(pending.body["error"]).toBe("authorization_pending");
  });

  test("its refresh token is no session, and its browser flow is not silently a browser login", async () => {
    const tokens = await deviceLogin("gx1");
    const browser = new Browser();
    browser.setCookie(broker.issuer, "cloudpass", String(tokens["refresh_token"]));
    expect(heading(await browser.open(`${broker.issuer}/device`))).toBe("Sign in");
  });
});
