import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, plainText } from "../../support/browser.ts";
import { codeRequest, decideCode, loopback, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { logIn, outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);

const urn = (name: string) => `urn:cloudpass:target:${name}`;
/** What no request may name: not absolute, with a fragment, or nothing of ours. */
const wrong = [
  "/v3",
  "gx1",
  "https://api.example/v3",
  `${urn("gx1")}#x`,
  "#",
  urn("gx9"),
  urn("GX1"),
  `${urn("gx1")}/x`,
];

describe("2.1: an authorization request", () => {
  test.each(wrong)("for %s is told invalid_target", async (resource) => {
    const request = codeRequest(broker.issuer, "console-tool", { resource });
    const told = new URL((await browser.open(request.url, loopback)).stopped ?? "http://nowhere").searchParams;
    expect([told.get("error"), told.get("state")]).toEqual(["invalid_target", request.state]);
  });

  test("for two at once is told invalid_target", async () => {
    const request = codeRequest(broker.issuer, "console-tool", { resource: urn("gx1") });
    const page = await browser.open(`${request.url}&resource=${urn("gx2")}`, loopback);
    const told = new URL(page.stopped ?? "http://nowhere").searchParams;
    expect([told.get("error"), told.get("state")]).toEqual(["invalid_target", request.state]);
  });

  test("for a target shows it to the person, and its token is for that target alone", async () => {
    const request = codeRequest(broker.issuer, "console-tool", { resource: urn("gx1") });
    expect(plainText(await toCodeConfirmation(request, bob, browser))).toContain("gx1");
    const answer = await redeemCode(
      broker.issuer,
      "console-tool",
      request,
      await decideCode(request, bob, "approve", browser),
    );
    expect(claimsOf(answer.body["access_token"])["aud"]).toBe("gx1");
  });

  test("2.2: for a target is redeemed for no other one, and that try uses nothing up", async () => {
    const request = codeRequest(broker.issuer, "console-tool", { resource: urn("gx1") });
    const callback = await decideCode(request, bob, "approve", browser);
    const redeem = (resource: string) => redeemCode(broker.issuer, "console-tool", request, callback, { resource });
    expect(outcome(await redeem(urn("gx2")))).toBe("400 invalid_target");
    expect(outcome(await redeem(broker.issuer))).toBe("400 invalid_target");
    expect(claimsOf((await redeem(urn("gx1"))).body["access_token"])["aud"]).toBe("gx1");
  });
});

describe("2.1: a device authorization request", () => {
  test.each(wrong)("for %s is invalid_target", async (resource) => {
    const answer = await postForm(`${broker.issuer}/device_authorization`, { client_id: "console-tool", resource });
    expect(outcome(answer)).toBe("400 invalid_target");
  });

  test("for two at once is invalid_target", async () => {
    const two = `client_id=console-tool&resource=${urn("gx1")}&resource=${urn("gx2")}`;
    expect(outcome(await postForm(`${broker.issuer}/device_authorization`, two))).toBe("400 invalid_target");
  });

  test("for a target makes a token for that target alone", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "console-tool", resource: urn("gx1") }, { browser });
    expect(claimsOf(body["access_token"])["aud"]).toBe("gx1");
  });
});
