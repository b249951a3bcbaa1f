import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { logIn, outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(() => boot({ yaml: "clients: [{id: small, name: Small, scopes: [openid, profile]}]" }));

const start = (form: Record<string, string>) => postForm(`${broker.issuer}/device_authorization`, form);
const granted = async (form: Record<string, string>) => (await logIn(broker.issuer, form, { browser })).body;

describe("rfc6749 3.3: scope", () => {
  test("not asked for is the default, and the answer says which", async () => {
    for (const form of [{}, { scope: "" }, { scope: "  " }]) {
      const body = await granted({ client_id: "small", ...form });
      expect(body["scope"]).toBe("openid profile");
      expect(claimsOf(body["access_token"])["scope"]).toBe("openid profile");
    }
  });

  test("is a set: order and repetition mean nothing, and the answer says what was given", async () => {
    const body = await granted({ client_id: "gx1", scope: "profile openid  profile" });
    expect(String(body["scope"]).split(" ").sort()).toEqual(["openid", "profile"]);
  });

  test.each([
    ["an unknown one", "gx1", "openid admin"],
    ["one in other capitals", "gx1", "OpenID"],
    ["one that the client may not have", "small", "openid email"],
    ["scopes parted by commas", "gx1", "openid,profile"],
    ["scopes parted by a tab", "gx1", "openid\tprofile"],
    ["blanks that RFC 6749 does not know", "gx1", "\u00a0"],
    ["one without end", "gx1", `openid ${"x".repeat(1025)}`],
  ])("refuses %s and drops nothing in silence", async (_what, client_id, scope) => {
    expect(outcome(await start({ client_id, scope }))).toBe("400 invalid_scope");
  });
});
