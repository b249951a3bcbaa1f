import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type CodeRequest, codeRequest, decideCode, loopback, redeemCode } from "../../support/code-login.ts";
import { embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const secret = "web-s3cret";
const uri = "https://web.example/callback";
const browser = new Browser();
const broker = shared(() =>
  boot({
    env: { WEB: secret },
    yaml: `clients:
  - {id: web, name: Web, grants: [authorization-code], secret: {env: WEB}, redirectUris: ["${uri}", "${uri}/2"]}`,
  }),
);

const approve = async (request: CodeRequest) =>
  decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);

describe("rfc6749 4.1.3: a code is redeemed", () => {
  test.each([
    ["another redirect_uri", { redirect_uri: `${loopback}/other` }],
    ["another port of the same redirect_uri", { redirect_uri: "http://127.0.0.1:7778/callback" }],
    ["no redirect_uri", { redirect_uri: "" }],
    ["another code", { code: "x".repeat(43) }],
  ])("not with %s, and then still with the right one", async (_what, more) => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await approve(request);
    expect(outcome(await redeemCode(broker.issuer, "prod1", request, callback, more))).toBe("400 invalid_grant");
    expect(outcome(await redeemCode(broker.issuer, "prod1", request, callback))).toBe("200");
  });

  test("by a client with a secret only with that secret (3.2.1), and at that very address of its two", async () => {
    const request = codeRequest(broker.issuer, "web", { redirect_uri: uri, scope: "openid" });
    const callback = await approve(request);
    const redeem = (more: Record<string, string>) => redeemCode(broker.issuer, "web", request, callback, more);
    expect(outcome(await redeem({}))).toBe("401 invalid_client");
    expect(outcome(await redeem({ client_secret: "wrong" }))).toBe("401 invalid_client");
    expect(outcome(await redeem({ client_secret: secret, redirect_uri: `${uri}/2` }))).toBe("400 invalid_grant");
    expect(outcome(await redeem({ client_secret: secret }))).toBe("200");
  });

  test("by a public client only when it names itself", async () => {
    const request = codeRequest(broker.issuer, "prod1");
    const callback = await approve(request);
    const form = {
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: request.redirectUri,
      code_verifier: request.verifier,
    };
    expect(outcome(await postForm(`${broker.issuer}/token`, form))).toBe("400 invalid_request");
    expect(outcome(await postForm(`${broker.issuer}/token`, { ...form, client_id: "prod1" }))).toBe("200");
  });
});
