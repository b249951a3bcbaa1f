import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { Browser, plainText } from "../support/browser.ts";
import { embeddedVisitor, postForm, signIn, startDevice } from "../support/device-login.ts";
import { shared } from "../support/shared.ts";

const broker = shared(boot);

describe("S-53: without named proxies", () => {
  test("the asker's address is the socket's, whatever the headers say", async () => {
    const spoofed = {
      "x-forwarded-for": "203.0.113.9",
      forwarded: "for=203.0.113.9",
      "x-real-ip": "203.0.113.9",
      "true-client-ip": "203.0.113.9",
      x_forwarded_for: "203.0.113.9",
    };
    const start = (await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, spoofed)).body;
    const browser = new Browser();
    const entry = await signIn(browser, String(start["verification_uri_complete"]), embeddedVisitor("bob@a.example"));
    const text = plainText(await browser.submit(entry, {}));
    expect(text).toContain("127.0.0.1");
    expect(text).not.toContain("203.0.113.9");
  });

  test("links come from the configuration, never from Host", async () => {
    const forged = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-forwarded-port": "1",
      forwarded: "host=evil.example;proto=https",
    };
    const start = await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1" }, forged);
    expect(start.body["verification_uri"]).toBe(`${broker.issuer}/device`);
    const redirect = await fetch(`${broker.issuer}/device?user_code=x`, { headers: forged, redirect: "manual" });
    expect(redirect.headers.get("location")).toMatch(/^\/\w+\?/);
    const { issuer } = broker;
    expect(
      (await startDevice(issuer, { client_id: "gx1" })).verification_uri_complete.startsWith(`${issuer}/device?`),
    ).toBe(true);
  });
});

describe("S-53: behind named proxies", () => {
  const behind = shared(() => boot({ yaml: "trustedProxies: [127.0.0.1, 10.0.0.0/8]" }));
  const beside = shared(() => boot({ yaml: "trustedProxies: [10.0.0.0/8]" }));

  /** The asker's address as the confirmation page tells it. */
  async function told(issuer: string, chain: string): Promise<string> {
    const asker = { "x-forwarded-for": chain };
    const start = (await postForm(`${issuer}/device_authorization`, { client_id: "gx1" }, asker)).body;
    const browser = new Browser();
    const entry = await signIn(browser, String(start["verification_uri_complete"]), embeddedVisitor("bob@a.example"));
    return /Asked from (\S+)/.exec(plainText(await browser.submit(entry, {})))?.[1] ?? "";
  }

  test.each([
    ["what the client wrote itself stands on the left and counts for nothing", "198.51.100.66, 203.0.113.9"],
    ["also as an address of a proxy", "10.9.9.9, 203.0.113.9"],
    ["the proxies on the way are passed by", "198.51.100.66, 203.0.113.9, 10.1.2.3, 10.1.2.4"],
    ["a hop that nobody named ends the walk", "198.51.100.66, 10.1.2.3, 203.0.113.9"],
  ])("%s", async (_, chain) => {
    expect(await told(behind.issuer, chain)).toBe("203.0.113.9");
  });

  test("who comes past the proxies is who the socket says, whatever the header says", async () => {
    for (const chain of ["203.0.113.9", "203.0.113.9, 10.1.2.3"])
      expect(await told(beside.issuer, chain)).toBe("127.0.0.1");
  });
});
