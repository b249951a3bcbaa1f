import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor } from "../../support/device-login.ts";
import { outcome, refresh } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(boot);

/** At least 128 bits, as base64url. */
const unguessable = /^[\w-]{22,}$/;

async function login() {
  const request = codeRequest(broker.issuer, "prod1");
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", browser);
  const { body } = await redeemCode(broker.issuer, "prod1", request, callback);
  return { code: callback.searchParams.get("code") ?? "", body };
}

describe("rfc6749 10.10: what opens something", () => {
  test("is long, and each time another", async () => {
    const logins = [await login(), await login(), await login()];
    const kinds = [
      logins.map((l) => l.code),
      logins.map((l) => String(l.body["refresh_token"])),
      logins.map((l) => String(claimsOf(l.body["access_token"])["jti"])),
    ];
    for (const made of kinds) {
      expect(new Set(made).size).toBe(made.length);
      for (const one of made) expect(one).toMatch(unguessable);
    }
  });

  test("10.3, 10.4: opens nothing when one character is another", async () => {
    const { body } = await login();
    const changed = (text: unknown, at: number) => {
      const [a, b] = [String(text).slice(0, at), String(text).slice(at)];
      return `${a}${b.startsWith("A") ? "B" : "A"}${b.slice(1)}`;
    };
    const { refresh_token, access_token } = body;
    expect(outcome(await refresh(broker.issuer, changed(refresh_token, 9), { client_id: "prod1" }))).toBe(
      "400 invalid_grant",
    );
    const [head = "", claims = ""] = String(access_token).split(".");
    for (const at of [4, head.length + 9, head.length + claims.length + 9]) {
      const authorization = `Bearer ${changed(access_token, at)}`;
      expect((await fetch(`${broker.issuer}/userinfo`, { headers: { authorization } })).status).toBe(401);
    }
    expect(outcome(await refresh(broker.issuer, refresh_token, { client_id: "prod1" }))).toBe("200");
  });
});
