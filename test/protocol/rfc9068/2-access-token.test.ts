import { createRemoteJWKSet, jwtVerify } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource } from "../../support/clients.ts";
import { claimsOf, type JsonAnswer } from "../../support/device-login.ts";
import { logIn, refresh, renewable, tokenOf } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
let [tool, gx1]: JsonAnswer[] = [];
const broker = shared(bootWithClients);
beforeAll(async () => {
  const login = (client_id: string, scope: string) => logIn(broker.issuer, { client_id, scope }, { browser });
  tool = await login("console-tool", renewable);
  gx1 = await login("gx1", "openid profile email");
});

const verify = (token: string, audience: string) => {
  const keys = createRemoteJWKSet(new URL(`${broker.issuer}/jwks`));
  return jwtVerify(token, keys, { issuer: broker.issuer, audience, typ: "at+jwt", algorithms: ["ES256"] });
};

describe("2.1: the header", () => {
  test("has the type at+jwt, an asymmetric algorithm and the name of a published key, and nothing else", async () => {
    const { protectedHeader } = await verify(tokenOf(gx1), "gx1");
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "at+jwt", kid: expect.any(String) });
  });
});

describe("2.2: the claims", () => {
  test("are all that the standard requires, and what our targets read", async () => {
    const { payload } = await verify(tokenOf(gx1), "gx1");
    expect(payload).toMatchObject({
      iss: broker.issuer,
      aud: "gx1",
      client_id: "gx1",
      sub: expect.stringMatching(/^p-[0-9a-f]{40}$/),
      jti: expect.any(String),
      auth_time: expect.any(Number),
      token_use: "access",
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
      preferred_username: "bob",
      flow: "device",
      email: "bob@a.example",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  });

  test("2.2.3: hold the scope that was granted", () => {
    expect([claimsOf(tokenOf(tool))["scope"], claimsOf(tokenOf(gx1))["scope"]]).toEqual([
      renewable,
      "openid profile email",
    ]);
  });

  test("have an id of their own each time", async () => {
    const next = await refresh(broker.issuer, tool?.body["refresh_token"]);
    expect(claimsOf(tokenOf(next))["jti"]).not.toBe(claimsOf(tokenOf(tool))["jti"]);
  });

  test("have the client itself as subject's origin where no person is: client and subject are told apart", async () => {
    const form = { grant_type: "client_credentials", resource: resource("gx1") };
    const { sub, client_id } = claimsOf(tokenOf(await broker.asKeyed("/token", "ci", form)));
    expect(client_id).toBe("ci");
    expect(sub, "a robot is nobody who logs in").not.toBe(claimsOf(tokenOf(gx1))["sub"]);
    expect(sub).not.toBe("ci");
  });

  test("6: tell the e-mail address only when it was asked for", () => {
    expect(claimsOf(tokenOf(tool))["email"]).toBeUndefined();
  });
});

describe("3: the audience", () => {
  test("is our own APIs when no resource was named, and then names no group", () => {
    expect(claimsOf(tokenOf(tool))).toMatchObject({ aud: broker.issuer, groups: [] });
  });

  test("is one, always as text", async () => {
    expect([tool, gx1].map((answer) => typeof claimsOf(tokenOf(answer))["aud"])).toEqual(["string", "string"]);
  });
});
