import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, exchangeGrant, resource } from "../../support/clients.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, type JsonAnswer } from "../../support/device-login.ts";
import { logIn, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(bootWithClients);

const device = () => logIn(broker.issuer, { client_id: "gx1", scope: renewable }, { browser });
const robot = () =>
  broker.asKeyed("/token", "ci", { grant_type: "client_credentials", resource: resource("gx1"), scope: "groups" });

async function code(): Promise<JsonAnswer> {
  const request = codeRequest(broker.issuer, "gx1");
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);
  return redeemCode(broker.issuer, "gx1", request, callback);
}

async function exchange(): Promise<JsonAnswer> {
  const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: "openid" }, { browser });
  return broker.asSecret("/token", "portal", {
    grant_type: exchangeGrant,
    subject_token: String(body["access_token"]),
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    resource: resource("gx1"),
  });
}

const renewed = async () => refresh(broker.issuer, (await device()).body["refresh_token"], { client_id: "gx1" });

describe("rfc6749 5.1: an answer with tokens", () => {
  test.each([
    ["authorization_code", code, true],
    ["device_code", device, true],
    ["refresh_token", renewed, true],
    ["token exchange", exchange, false],
    ["client_credentials (4.4.3)", robot, false],
  ])("of %s is JSON that nobody keeps, with all that is required", async (_grant, ask, renewable) => {
    const answer = await ask();
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.get("pragma")).toBe("no-cache");
    const { exp, iat } = claimsOf(answer.body["access_token"]) as { exp: number; iat: number };
    expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: exp - iat, scope: expect.any(String) });
    expect(typeof answer.body["refresh_token"]).toBe(renewable ? "string" : "undefined");
  });
});
