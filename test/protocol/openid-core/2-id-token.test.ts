import { createRemoteJWKSet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { codeRequest, decideCode, redeemCode } from "../../support/code-login.ts";
import { claimsOf, embeddedVisitor } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(boot);

const bob = embeddedVisitor("bob@a.example");

/** Tokens of a login of a program, with these parameters of the request. */
async function login(client: string, more: Record<string, string | undefined> = {}, visitor = bob, own = browser) {
  const request = codeRequest(broker.issuer, client, more);
  const callback = await decideCode(request, visitor, "approve", own);
  return (await redeemCode(broker.issuer, client, request, callback)).body;
}
const keys = () => createRemoteJWKSet(new URL(`${broker.issuer}/jwks`));
const verify = async (idToken: unknown) =>
  jwtVerify(String(idToken), keys(), { issuer: broker.issuer, algorithms: ["ES256"] });

describe("2: an ID token", () => {
  test("is signed by a published key, for the program alone, with every claim that is required", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { payload, protectedHeader } = await verify((await login("gx1", { scope: "openid" }))["id_token"]);
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: expect.any(String) });
    expect(payload).toMatchObject({ iss: broker.issuer, aud: "gx1", token_use: "id" });
    expect(payload.iat).toBeGreaterThanOrEqual(before);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
    expect(payload["azp"], "one audience needs none").toBeUndefined();
  });

  test("says nothing of a nonce when there was none, and the very nonce when there was one", async () => {
    expect(claimsOf((await login("gx1"))["id_token"])["nonce"]).toBeUndefined();
    for (const nonce of [" white space, ünï, %20+&= ", "x".repeat(1_024)]) {
      expect(claimsOf((await login("gx1", { nonce }))["id_token"])["nonce"]).toBe(nonce);
    }
  });

  test("is not there without the scope openid", async () => {
    const body = await login("gx1", { scope: "profile" });
    expect(body["access_token"]).toBeTypeOf("string");
    expect(body["id_token"]).toBeUndefined();
  });

  test("has the e-mail address only when it was asked for (5.4)", async () => {
    expect(claimsOf((await login("gx1"))["id_token"])["email"]).toBeUndefined();
    const asked = claimsOf((await login("gx1", { scope: "openid email" }))["id_token"]);
    expect(asked).toMatchObject({ email: "bob@a.example", email_verified: true });
  });

  test("carries groups for a cluster, where kubelogin hands it over, and for nobody else", async () => {
    const of = async (client: string) => claimsOf((await login(client))["id_token"])["groups"];
    expect(await of("prod1")).toEqual(["cp.customer-a.developer"]);
    expect(await of("gx1")).toBeUndefined();
    expect(await of("console-tool")).toBeUndefined();
  });
});

describe("8: the subject", () => {
  test("is at most 255 characters of ASCII, and the same at every program, by every grant, each time", async () => {
    const byCode = await Promise.all(["gx1", "prod1", "console-tool"].map((c) => login(c, {}, bob, new Browser())));
    const byDevice = (await logIn(broker.issuer, { client_id: "gx2" }, { browser })).body;
    const subjects = [...byCode, byDevice]
      .flatMap((b) => [b["id_token"], b["access_token"]])
      .map((t) => claimsOf(t)["sub"]);
    expect(new Set(subjects).size).toBe(1);
    expect(subjects[0]).toMatch(/^[\x21-\x7e]{1,255}$/);
  });

  test("is never another person's, not even one of the same name elsewhere", async () => {
    const sub = async (email: string) => {
      const guest = new Browser();
      return claimsOf((await login("console-tool", {}, embeddedVisitor(email), guest))["id_token"])["sub"];
    };
    expect(await sub("alice@a.example")).not.toBe(await sub("alice@b.example"));
  });
});
