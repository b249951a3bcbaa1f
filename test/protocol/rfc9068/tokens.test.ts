import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { claimsOf, type JsonAnswer } from "../../support/device-login.ts";
import { logIn, refresh, renewable } from "../../support/drive.ts";

let broker: Booted;
const browser = new Browser();
let [cli, gx1, prod1]: JsonAnswer[] = [];
beforeAll(async () => {
  broker = await boot();
  const login = (client_id: string, scope: string) => logIn(broker.issuer, { client_id, scope }, { browser });
  cli = await login("cloudpass", renewable);
  gx1 = await login("gx1", "openid profile email");
  prod1 = await login("prod1", "groups offline_access openid");
});
afterAll(() => broker.stop());

const token = (answer: JsonAnswer | undefined, name: "access_token" | "id_token") => String(answer?.body[name]);
const keysOf = () => createRemoteJWKSet(new URL(`${broker.issuer}/jwks`));

describe("rfc6749 5.1: the answer", () => {
  test("has exactly the standard's fields", () => {
    expect(cli?.headers.get("cache-control")).toBe("no-store");
    expect(cli?.body).toEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      token_type: "Bearer",
      expires_in: 600,
      scope: renewable,
    });
  });

  test("has a refresh token only when offline_access was asked for", () => {
    expect(gx1?.body["refresh_token"]).toBeUndefined();
    expect(prod1?.body["refresh_token"]).toBeDefined();
  });
});

describe("rfc9068: the access token", () => {
  test("is at+jwt by a published key, for one audience, with every claim the standard asks for", async () => {
    const { payload, protectedHeader } = await jwtVerify(token(gx1, "access_token"), keysOf(), {
      issuer: broker.issuer,
      audience: "gx1",
      typ: "at+jwt",
    });
    expect(protectedHeader.alg).toBe("ES256");
    expect(payload).toMatchObject({
      aud: "gx1",
      client_id: "gx1",
      sub: expect.stringMatching(/^p-[0-9a-f]{40}$/),
      jti: expect.any(String),
      token_use: "access",
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
      preferred_username: "bob",
      scope: "openid profile email",
      flow: "device",
      email: "bob@a.example",
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(600);
  });

  test("names no group outside its audience", () => {
    expect(claimsOf(token(cli, "access_token"))).toMatchObject({ aud: broker.issuer, groups: [] });
  });

  test("has an id of its own each time", async () => {
    const next = await refresh(broker.issuer, cli?.body["refresh_token"]);
    if (cli) cli = { ...cli, body: { ...cli.body, refresh_token: next.body["refresh_token"] } };
    expect(claimsOf(token(next, "access_token"))["jti"]).not.toBe(claimsOf(token(cli, "access_token"))["jti"]);
  });

  test("tells the e-mail address only when asked for", () => {
    expect(claimsOf(token(cli, "access_token"))["email"]).toBeUndefined();
    expect(claimsOf(token(gx1, "id_token"))).toMatchObject({ email: "bob@a.example", email_verified: true });
  });
});

describe("OpenID Connect Core 2: the ID token", () => {
  test("is for the client, and no access token", async () => {
    const { payload, protectedHeader } = await jwtVerify(token(gx1, "id_token"), keysOf(), {
      issuer: broker.issuer,
      audience: "gx1",
    });
    expect(protectedHeader.typ).toBe("JWT");
    expect(payload).toMatchObject({
      token_use: "id",
      sub: claimsOf(token(gx1, "access_token"))["sub"],
      auth_time: expect.any(Number),
    });
    expect(claimsOf(token(cli, "id_token"))["aud"]).toBe("cloudpass");
  });

  test("carries groups for a cluster, where kubelogin hands it over, and for nobody else", () => {
    expect(claimsOf(token(prod1, "id_token"))["groups"]).toEqual(["cp.customer-a.developer"]);
    expect(claimsOf(token(gx1, "id_token"))["groups"]).toBeUndefined();
    expect(claimsOf(token(cli, "id_token"))["groups"]).toBeUndefined();
  });

  test("comes with each refresh too (kubelogin needs it)", async () => {
    const next = await refresh(broker.issuer, prod1?.body["refresh_token"], { client_id: "prod1" });
    expect(claimsOf(token(next, "id_token"))).toMatchObject({
      aud: "prod1",
      sub: claimsOf(token(prod1, "id_token"))["sub"],
    });
  });

  test("is not there without the scope openid", async () => {
    const login = await logIn(broker.issuer, { client_id: "gx1", scope: "profile" }, { browser });
    expect(login.status).toBe(200);
    expect(login.body["id_token"]).toBeUndefined();
  });
});

test("both are signed by the same key, named in the header", () => {
  const [access, id] = [token(gx1, "access_token"), token(gx1, "id_token")].map((t) => decodeProtectedHeader(t).kid);
  expect(access).toBe(id);
});
