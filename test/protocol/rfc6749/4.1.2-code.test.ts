import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, type JsonAnswer } from "../../support/device-login.ts";
import { outcome, refresh } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => boot({ clock }));

async function approved(more: Record<string, string> = {}) {
  const request = codeRequest(broker.issuer, "prod1", more);
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);
  const redeem = (client = "prod1") => redeemCode(broker.issuer, client, request, callback);
  return { request, callback, redeem };
}
const userinfo = ({ body }: JsonAnswer) =>
  fetch(`${broker.issuer}/userinfo`, { headers: { authorization: `Bearer ${String(body["access_token"])}` } }).then(
    (r) => r.status,
  );

describe("rfc6749 4.1.2: an authorization code", () => {
  test("ends with tokens for the client's one audience", async () => {
    const { redeem } = await approved({ nonce: "n-1" });
    const tokens = await redeem();
    expect(tokens.status, JSON.stringify(tokens.body)).toBe(200);
    expect(claimsOf(tokens.body["access_token"])).toMatchObject({
      aud: "prod1",
      flow: "browser",
      groups: ["cp.customer-a.developer"],
    });
    expect(claimsOf(tokens.body["id_token"])).toMatchObject({ aud: "prod1", nonce: "n-1" });
    expect(broker.lines.join("")).toContain('"authorization.approved"');
  });

  test("is good once; a second use is refused and ends what the first one made", async () => {
    const { redeem } = await approved();
    const first = await redeem();
    expect(await userinfo(first)).toBe(200);
    expect(outcome(await redeem())).toBe("400 invalid_grant");
    expect(await userinfo(first)).toBe(401);
    const again = await refresh(broker.issuer, first.body["refresh_token"], { client_id: "prod1" });
    expect(outcome(again)).toBe("400 invalid_grant");
  });

  test("is won by one of 64 redemptions at once", async () => {
    const { redeem } = await approved();
    const racers = await Promise.all(Array.from({ length: 64 }, () => redeem()));
    expect(racers.filter((r) => r.status === 200)).toHaveLength(1);
  });

  test("is bound to its client: in another's hands it is burnt, for the first one too", async () => {
    const { redeem } = await approved();
    expect(outcome(await redeem("gx1"))).toBe("400 invalid_grant");
    expect(outcome(await redeem())).toBe("400 invalid_grant");
  });

  test("expires within a minute (ten at most)", async () => {
    const [early, late] = [await approved(), await approved()];
    clock.advance(59);
    expect(outcome(await early.redeem())).toBe("200");
    clock.advance(1);
    expect(outcome(await late.redeem())).toBe("400 invalid_grant");
  });
});
