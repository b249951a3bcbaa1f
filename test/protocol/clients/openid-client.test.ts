import * as oauth from "openid-client";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { decideInBrowser, embeddedVisitor } from "../../support/device-login.ts";
import { pkce } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(() => boot({ yaml: "device: {interval: 1s}" }));

const connect = (client: string) =>
  oauth.discovery(new URL(broker.issuer), client, undefined, oauth.None(), {
    execute: [oauth.allowInsecureRequests, oauth.enableNonRepudiationChecks],
  });

const decide = (start: oauth.DeviceAuthorizationResponse, decision: "approve" | "deny") =>
  decideInBrowser(start.verification_uri_complete ?? "", embeddedVisitor("bob@a.example"), decision, browser);

describe("openid-client, as released,", () => {
  test("logs in by device, verifies the ID token by our keys, and refreshes for another target", async () => {
    const config = await connect("console-tool");
    const { verifier, challenge } = pkce();
    const wish = {
      scope: "openid profile groups offline_access",
      code_challenge: challenge,
      code_challenge_method: "S256",
    };
    const start = await oauth.initiateDeviceAuthorization(config, wish);
    const [tokens] = await Promise.all([
      oauth.pollDeviceAuthorizationGrant(config, start, { code_verifier: verifier }),
      decide(start, "approve"),
    ]);
    expect(tokens.claims()).toMatchObject({ iss: broker.issuer, aud: "console-tool", preferred_username: "bob" });
    const next = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? "", {
      resource: "urn:cloudpass:target:gx1",
    });
    expect(next.claims()?.sub).toBe(tokens.claims()?.sub);
    await oauth.tokenRevocation(config, next.refresh_token ?? "");
    await expect(oauth.refreshTokenGrant(config, next.refresh_token ?? "")).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  test("hears a refusal as access_denied", async () => {
    const config = await connect("gx1");
    const start = await oauth.initiateDeviceAuthorization(config, { scope: "openid" });
    const polling = expect(oauth.pollDeviceAuthorizationGrant(config, start)).rejects.toMatchObject({
      error: "access_denied",
    });
    await decide(start, "deny");
    await polling;
  });

  test("hears what is wrong with its request", async () => {
    await expect(oauth.initiateDeviceAuthorization(await connect("gx1"), { scope: "admin" })).rejects.toMatchObject({
      error: "invalid_scope",
      status: 400,
    });
    await expect(oauth.initiateDeviceAuthorization(await connect("nobody"), {})).rejects.toMatchObject({ status: 401 });
  });
});
