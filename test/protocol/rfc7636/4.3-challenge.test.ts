import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode } from "../../support/code-login.ts";
import { embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome, pkce } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(() =>
  boot({
    env: { WEB: "web-s3cret" },
    yaml: `clients:
  - {id: web, name: Web, grants: [authorization-code], secret: {env: WEB}, redirectUris: ["http://127.0.0.1/callback"]}`,
  }),
);

const wrong: [string, Record<string, string | undefined>][] = [
  ["no challenge", { code_challenge: undefined, code_challenge_method: undefined }],
  ["an empty challenge", { code_challenge: "" }],
  ["a method without a challenge", { code_challenge: undefined }],
  ["no method, which means plain", { code_challenge_method: undefined }],
  ["the method plain", { code_challenge_method: "plain" }],
  ["the method in other capitals", { code_challenge_method: "s256" }],
  ["an unknown method", { code_challenge_method: "S512" }],
  ["a challenge too short", { code_challenge: "x".repeat(42) }],
  ["a challenge too long for a SHA-256", { code_challenge: "x".repeat(44) }],
  ["a padded challenge", { code_challenge: `${"x".repeat(42)}=` }],
  ["a challenge in plain base64", { code_challenge: `${"x".repeat(41)}+/` }],
];

describe.each(["prod1", "web"])("rfc7636 4.4.1: an authorization request of %s", (client) => {
  test.each(wrong)("with %s is refused, at the program's address", async (_what, more) => {
    const request = codeRequest(broker.issuer, client, more);
    const { to } = await askAuthorization(request.url);
    expect(`${to?.origin}${to?.pathname}`).toBe(request.redirectUri);
    expect(to?.searchParams.get("error")).toBe("invalid_request");
    expect(to?.searchParams.get("error_description")).toMatch(/PKCE|code_challenge/);
    expect(to?.searchParams.has("code")).toBe(false);
  });
});

test("rfc7636 4.4: the answer holds neither challenge nor verifier", async () => {
  const request = codeRequest(broker.issuer, "prod1");
  const challenge = new URL(request.url).searchParams.get("code_challenge") ?? "?";
  const callback = await decideCode(request, embeddedVisitor("bob@a.example"), "approve", new Browser());
  for (const text of [challenge, request.verifier]) {
    expect(callback.href).not.toContain(text);
    expect(broker.lines.join("\n")).not.toContain(text);
  }
});

describe("rfc7636 4.3: a device login that brings a challenge", () => {
  const { challenge } = pkce();
  test.each<[string, Record<string, string>]>([
    ["plain", { code_challenge: challenge, code_challenge_method: "plain" }],
    ["no method", { code_challenge: challenge }],
    ["a malformed one", { code_challenge: "short", code_challenge_method: "S256" }],
    ["a method alone", { code_challenge_method: "S256" }],
  ])("is refused with %s", async (_what, more) => {
    const answer = await postForm(`${broker.issuer}/device_authorization`, { client_id: "gx1", ...more });
    expect(outcome(answer)).toBe("400 invalid_request");
  });
});
