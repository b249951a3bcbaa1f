import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../support/boot.ts";
import { Browser } from "../support/browser.ts";
import { embeddedVisitor, signIn } from "../support/device-login.ts";

let broker: Booted;
let cookie: string;
beforeAll(async () => {
  broker = await boot();
  const browser = new Browser();
  await signIn(browser, `${broker.issuer}/device`, embeddedVisitor("bob@a.example"));
  cookie = `cloudpass=${browser.cookie("cloudpass")}`;
});
afterAll(() => broker.stop());

const paths = [
  "/",
  "/token",
  "/device_authorization",
  "/revoke",
  "/targets",
  "/device",
  "/device/confirm",
  "/device/done",
  "/login",
  "/login/callback",
  "/jwks",
  "/upstream/jwks",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/livez",
  "/readyz",
  "/assets/style.css",
  "/nowhere",
];

describe("S-59: only keys, metadata and style may be kept by caches and read by other pages", () => {
  test.each(paths)("%s", async (path) => {
    const { headers } = await fetch(`${broker.issuer}${path}`, {
      headers: { origin: "https://evil.example", cookie },
      redirect: "manual",
    });
    const isPublic = /jwks|well-known|assets/.test(path);
    expect(headers.get("access-control-allow-origin")).toBe(isPublic ? "*" : null);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("cache-control") ?? "").toMatch(isPublic ? /^public, max-age=\d+$/ : /^no-store$/);
  });
});
