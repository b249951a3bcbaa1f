import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser, plainText } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode, redeemCode, toCodeConfirmation } from "../../support/code-login.ts";
import { embeddedVisitor } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const own = "com.example.app:/callback";
const claimed = "https://app.example/callback";
const browser = new Browser();
const bob = embeddedVisitor("bob@a.example");
const broker = shared(() =>
  boot({
    yaml: `clients:
  - {id: app, name: App, grants: [authorization-code], redirectUris: ["${own}", "${claimed}", "http://127.0.0.1:7777/cb"]}`,
  }),
);

const answer = async (client: string, redirect_uri: string) =>
  (await askAuthorization(codeRequest(broker.issuer, client, { redirect_uri }).url)).to?.pathname;
const taken = "/authorize/confirm";

describe("rfc8252 7: a program of a person's own machine is answered", () => {
  test.each([
    ["7.1: at a scheme of its own", own, "com.example.app:"],
    ["7.2: at an https address that it claims", claimed, "app.example"],
    ["7.3: on loopback, IPv4", "http://127.0.0.1:51234/cb", "127.0.0.1:51234"],
  ])("%s, and the person sees where that is", async (_where, redirect_uri, shown) => {
    const request = codeRequest(broker.issuer, "app", { redirect_uri, scope: "openid" });
    const page = await toCodeConfirmation(request, bob, browser);
    expect(plainText(page)).toContain(`Goes back to ${shown}`);
    const callback = await decideCode(request, bob, "approve", browser);
    expect(callback.href.startsWith(`${redirect_uri}?code=`)).toBe(true);
    expect(outcome(await redeemCode(broker.issuer, "app", request, callback))).toBe("200");
  });

  test.each(["http://127.0.0.1", "http://[::1]", "http://localhost"])("7.3: at any port of %s", async (host) => {
    for (const port of ["", ":1", ":80", ":8000", ":65535"])
      expect(await answer("gx1", `${host}${port}/callback`)).toBe(taken);
  });
});

describe("rfc8252 8.4: but only at addresses that it registered", () => {
  test.each([
    ["another path of its scheme", "com.example.app:/other"],
    ["two slashes more", "com.example.app://callback"],
    ["another scheme", "com.example.evil:/callback"],
    ["its scheme in capitals", "COM.example.app:/callback"],
    ["the other loopback host", "http://[::1]:7777/cb"],
    ["the loopback host by name", "http://localhost:7777/cb"],
    ["another path on loopback", "http://127.0.0.1:7777/cb/more"],
    ["https on loopback", "https://127.0.0.1:7777/cb"],
    ["a port that is none", "http://127.0.0.1:99999/cb"],
    ["a port with more behind it", "http://127.0.0.1:7777@evil.example/cb"],
    ["a host that only begins so", "http://127.0.0.1.evil.example/cb"],
    ["another way to write loopback", "http://127.1:7777/cb"],
    ["loopback as a number", "http://2130706433:7777/cb"],
    ["another address of loopback", "http://127.0.0.2:7777/cb"],
    ["a query on loopback", "http://127.0.0.1:7777/cb?x=1"],
    ["another port of its https address", "https://app.example:8443/callback"],
  ])("not at %s", async (_what, uri) => expect(await answer("app", uri)).toBeUndefined());
});
