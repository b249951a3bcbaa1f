import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(boot);

const s256 = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

/** A confirmed login whose challenge fits this verifier; then one redemption for each verifier given. */
async function redeem(own: string, ...tried: string[]): Promise<string[]> {
  const request = codeRequest(broker.issuer, "prod1", { code_challenge: s256(own) });
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);
  const said: string[] = [];
  for (const code_verifier of tried) {
    said.push(outcome(await redeemCode(broker.issuer, "prod1", request, callback, { code_verifier })));
  }
  return said;
}

const refused = "400 invalid_grant";
const own = "own-verifier.of~43_characters-or-more-000000";

describe("rfc7636 4.6: a code", () => {
  test("is redeemed by the verifier of its challenge and no other; a wrong one does not use it up", async () => {
    const wrong = ["", "x".repeat(43), s256(own), own.slice(1), own.toUpperCase(), `${own} `, `${own}\n`];
    expect(await redeem(own, ...wrong, own)).toEqual([...wrong.map(() => refused), "200"]);
  });

  test("of one login is not redeemed by the verifier of another", async () => {
    expect(await redeem(own, "other-verifier.of~43_characters-or-more-0000")).toEqual([refused]);
  });
});

describe("rfc7636 4.1: a verifier", () => {
  test.each([
    ["43 characters", "a".repeat(43)],
    ["128 characters", "a".repeat(128)],
    ["every character that it may hold", "ABCXYZabcxyz0123456789-._~ABCXYZabcxyz0123456789-._~"],
  ])("of %s is taken", async (_what, verifier) => expect(await redeem(verifier, verifier)).toEqual(["200"]));

  test.each([
    ["42 characters", "a".repeat(42)],
    ["129 characters", "a".repeat(129)],
    ["a space", `${"a".repeat(43)} b`],
    ["a plus sign", `${"a".repeat(43)}+`],
    ["a slash", `${"a".repeat(43)}/`],
    ["a letter that is not ASCII", `${"a".repeat(43)}ü`],
    ["a line end", `${"a".repeat(43)}\n`],
  ])("of %s is refused, though the challenge fits it", async (_what, verifier) => {
    expect(await redeem(verifier, verifier)).toEqual([refused]);
  });
});
