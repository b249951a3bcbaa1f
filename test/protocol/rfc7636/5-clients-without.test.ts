import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { askAuthorization, codeRequest, decideCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

const redirect = "https://web.example/callback";
const key = await keyHolder();
const client = (id: string, more: string) =>
  `  - {id: ${id}, name: Web, grants: [authorization-code], redirectUris: ["${redirect}"], ${more}}\n`;
const broker = shared(() =>
  boot({
    env: { WEB: "web-s3cret" },
    prepare: (folder) => key.writeKeys(join(folder, "jwks.json")),
    yaml: `clients:
${client("old", "secret: {env: WEB}, pkce: optional")}${client("keyed", "jwks: jwks.json, pkce: optional")}${client("odd", "secret: {env: WEB}, pkce: allow-insecure")}${client("web", "secret: {env: WEB}")}`,
  }),
);

const none = { code_challenge: undefined, code_challenge_method: undefined };
const ask = (id: string, more: Record<string, string | undefined> = {}) =>
  codeRequest(broker.issuer, id, { redirect_uri: redirect, ...none, ...more });
const leads = async (request: { url: string }) => {
  const { to } = await askAuthorization(request.url);
  return to?.pathname === "/authorize/confirm" ? "on" : to?.searchParams.get("error");
};
const redeem = (id: string, callback: URL, more: Record<string, string> = {}) =>
  postForm(
    `${broker.issuer}/token`,
    {
      grant_type: "authorization_code",
      code: callback.searchParams.get("code") ?? "",
      redirect_uri: redirect,
      ...more,
    },
    { authorization: `Basic ${Buffer.from(`${id}:web-s3cret`).toString("base64")}` },
  );
const bob = embeddedVisitor("bob@a.example");

describe("rfc9700 2.1.1: a client that proves itself and may do without PKCE (pkce: optional)", () => {
  test.each(["old", "keyed"])("needs a nonce and an ID token in its place (%s)", async (id) => {
    expect(await leads(ask(id, { nonce: "n1" }))).toBe("on");
    expect(await leads(ask(id))).toBe("invalid_request");
    expect(await leads(ask(id, { nonce: "" }))).toBe("invalid_request");
    expect(await leads(ask(id, { nonce: "n1", scope: "profile groups" }))).toBe("invalid_request");
  });

  test("gets tokens, with its nonce in the ID token", async () => {
    const callback = await decideCode(ask("old", { nonce: "n1" }), bob, "approve", new Browser());
    const { status, body } = await redeem("old", callback);
    expect([status, claimsOf(body["id_token"])["nonce"]]).toEqual([200, "n1"]);
  });

  test("may bring a challenge all the same: then it is demanded at the token endpoint", async () => {
    const request = codeRequest(broker.issuer, "old", { redirect_uri: redirect });
    const callback = await decideCode(request, bob, "approve", new Browser());
    expect(outcome(await redeem("old", callback))).toBe("400 invalid_grant");
    expect(outcome(await redeem("old", callback, { code_verifier: request.verifier }))).toBe("200");
  });

  test.each<Record<string, string | undefined>>([
    { code_challenge_method: "S256" },
    { code_challenge: "x".repeat(43) },
    { code_challenge: "x".repeat(43), code_challenge_method: "plain" },
  ])("has no half of one: %j", async (half) => {
    expect(await leads(ask("old", { nonce: "n1", ...half }))).toBe("invalid_request");
  });
});

test("rfc9700 4.8.2: a verifier without a challenge is refused: somebody took the challenge away", async () => {
  const callback = await decideCode(ask("old", { nonce: "n1" }), bob, "approve", new Browser());
  expect(outcome(await redeem("old", callback, { code_verifier: "v".repeat(43) }))).toBe("400 invalid_grant");
  expect(outcome(await redeem("old", callback))).toBe("200");
});

test("OpenID Connect Core 3.1.2.1: neither is demanded of a client that says allow-insecure", async () => {
  expect(await leads(ask("odd"))).toBe("on");
});

test("of all others PKCE is demanded, with a nonce too", async () => {
  for (const id of ["web", "prod1", "cloudpass"]) {
    const to = await askAuthorization(
      ask(id, { nonce: "n1", ...(id !== "web" && { redirect_uri: "http://127.0.0.1/" }) }).url,
    );
    expect(to.to?.searchParams.get("error"), id).toBe("invalid_request");
  }
});
