import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, heading, plainText } from "../../support/browser.ts";
import { embeddedVisitor, poll, signIn, startDevice, toConfirmation } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(boot);
beforeAll(() => signIn(browser, `${broker.issuer}/device`, bob));

const start = (form: Record<string, string> = { client_id: "gx1" }) => startDevice(broker.issuer, form);

describe("3.3.1: the complete link", () => {
  test("still shows the code, who asks, from where and for what", async () => {
    const s = await start({ client_id: "gx1", scope: "openid profile offline_access" });
    const confirm = await toConfirmation(browser, s.verification_uri_complete, bob);
    const text = plainText(confirm);
    for (const part of [
      s.user_code,
      "OpenStack cloud gx1",
      "127.0.0.1",
      "a moment ago",
      "stay logged in",
      "member on gx1",
      "Signed in as bob",
    ]) {
      expect(text).toContain(part);
    }
    expect(text.indexOf("No, refuse"), "refusing comes first").toBeLessThan(text.indexOf("Yes, I started this"));
  });

  test("confirms nothing by itself, however often it is opened", async () => {
    const s = await start();
    for (let i = 0; i < 3; i++) await browser.open(s.verification_uri_complete);
    expect(heading(await toConfirmation(browser, s.verification_uri_complete, bob))).toBe("Is this you?");
    const form = { client_id: "gx1", device_code: s.device_code };
    expect(outcome(await poll(broker.issuer, form))).toBe("400 authorization_pending");
  });

  test("is the address of the short one, with the very code that the device shows", async () => {
    const s = await start();
    const url = new URL(s.verification_uri_complete);
    expect(url.searchParams.get("user_code")).toBe(s.user_code);
    expect(`${url.origin}${url.pathname}`).toBe(s.verification_uri);
  });
});
