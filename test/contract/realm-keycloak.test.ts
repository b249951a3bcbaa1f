import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seconds, systemClock } from "../../src/core/index.ts";
import { makeKeySet, type StoredKey } from "../../src/issuer/index.ts";
import { makeKey } from "../../src/issuer/keys/stored-key.ts";
import { connectRealm, type Realm } from "../../src/relying-party/realm.ts";
import { type KeycloakRig, startKeycloak } from "../rigs/index.ts";
import { Browser } from "../support/browser.ts";
import { type KeycloakAdmin, keycloakAdmin } from "../support/keycloak-admin.ts";
import { drive } from "../support/keycloak-browser.ts";

// What we rely on in a real Keycloak: revoking a refresh token ends its session, and a new client key is taken without a
// change in the realm.

let folder: string;
let keycloak: KeycloakRig;
let admin: KeycloakAdmin;
let jwksServer: Server;
let realm: Realm;
let published: readonly StoredKey[];
let signs: StoredKey;
let user: string;
let clientUuid: string;
const callback = "http://127.0.0.1:1/login/callback";
const issuer = () => `${keycloak.url}/realms/people`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-keycloak-"));
  signs = await makeKey("client", "active", systemClock);
  published = [signs];
  jwksServer = createServer((_req, res) => {
    const [active, ...rest] = published;
    const keys = active ? makeKeySet([active, ...rest], "client").jwks : { keys: [] };
    res.setHeader("content-type", "application/json");
    res.end(JSON.stringify(keys));
  });
  await new Promise<void>((resolve) => jwksServer.listen(0, "127.0.0.1", resolve));
  keycloak = await startKeycloak({ dir: folder });
  admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
  await admin.call("POST", "", { realm: "people", enabled: true });
  user = String(
    await admin.call("POST", "/people/users", {
      username: "alice",
      email: "alice@a.example",
      emailVerified: true,
      firstName: "Alice",
      lastName: "Ahrens",
      enabled: true,
      credentials: [{ type: "password", value: "alice", temporary: false }],
    }),
  );
  clientUuid = String(
    await admin.call("POST", "/people/clients", {
      clientId: "cloudpass",
      publicClient: false,
      standardFlowEnabled: true,
      redirectUris: [callback],
      clientAuthenticatorType: "client-jwt",
      attributes: {
        "use.jwks.url": "true",
        "jwks.url": `http://127.0.0.1:${(jwksServer.address() as AddressInfo).port}/`,
        "token.endpoint.auth.signing.alg": "ES256",
      },
    }),
  );
  realm = connectRealm({
    issuer: "http://127.0.0.1:1",
    options: {
      issuer: issuer(),
      clientId: "cloudpass",
      scopes: ["openid", "offline_access"],
      allowInsecureLoopback: true,
      timeout: seconds(10),
    },
    clientKey: () => signs,
    clock: systemClock,
  });
}, 240_000);
afterAll(async () => {
  jwksServer?.close();
  jwksServer?.closeAllConnections();
  await keycloak?.stop();
  await rm(folder, { recursive: true, force: true });
});

const login = { state: "s".repeat(32), nonce: "n".repeat(32), verifier: "v".repeat(64) };
/** A customer's identity provider, which nobody has to reach for this. */
const elsewhere = "http://127.0.0.1:9/";

/** A sign-in in a browser; `again` = the page came back without asking for a password. */
async function signIn(browser: Browser, fresh = false): Promise<{ token: string; again: boolean; ago: number }> {
  const url = await realm.authorizationUrl({ ...login, through: { identityProvider: "" }, fresh });
  const page = await browser.open(url.href, callback);
  const { done, steps, title } = await drive(browser, page, callback, { username: "alice", password: "alice" });
  if (!done) throw new Error(`the login ended on "${title}"`);
  const answer = await realm.redeem(done, login);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  const { iat, auth_time } = answer.value.claims;
  return { token: answer.value.refreshToken ?? "", again: steps.length === 0, ago: Number(iat) - Number(auth_time) };
}

/** Where the realm sends somebody who is to sign in at a customer's identity provider. */
async function leavesFor(alias: string, fresh: boolean): Promise<URL> {
  const url = await realm.authorizationUrl({ ...login, through: { identityProvider: alias }, fresh });
  return new URL((await new Browser().open(url.href, elsewhere)).stopped ?? "http://nowhere");
}
const refresh = async (token: string) => (await realm.refresh(token, user)).ok;
const offline = () => admin.list(`/people/users/${user}/offline-sessions/${clientUuid}`);
const online = () => admin.list(`/people/users/${user}/sessions`);

describe("a real Keycloak", () => {
  test("ends the session behind our refresh token, the whole of it if no other client is in it, and no other session", async () => {
    const [one, two] = [new Browser(), new Browser()];
    const [first, other] = [await signIn(one), await signIn(two)];
    expect(await refresh(first.token)).toBe(true);
    expect(await offline()).toHaveLength(2);
    await realm.revoke(first.token);
    expect(await offline()).toHaveLength(1);
    expect(await online()).toEqual([]);
    expect(await refresh(first.token)).toBe(false);
    expect(await refresh(other.token)).toBe(true);
    expect((await signIn(one)).again).toBe(false);
    // A session that is over already is no failure: a person may have many, and some end meanwhile.
    await realm.revoke(first.token);
  });

  test("S-75: says when the person proved who it is, with what we ask for a fresh proof, too", async () => {
    const browser = new Browser();
    expect(await signIn(browser)).toMatchObject({ again: false, ago: 0 });
    expect(await signIn(browser, true)).toMatchObject({ again: false, ago: 0 });
  });

  test("S-75: has the customer's identity provider ask anew, too: OpenID Connect by prompt, SAML by ForceAuthn", async () => {
    const client = { clientId: "x", clientSecret: "x" };
    const endpoints = { authorizationUrl: `${elsewhere}auth`, tokenUrl: `${elsewhere}token` };
    const saml = { idpEntityId: "x", singleSignOnServiceUrl: `${elsewhere}sso`, postBindingAuthnRequest: "false" };
    for (const provider of [
      { alias: "with-openid", providerId: "oidc", config: { ...client, ...endpoints } },
      { alias: "with-saml", providerId: "saml", config: saml },
    ]) {
      await admin.call("POST", "/people/identity-provider/instances", { ...provider, enabled: true });
    }
    const promptOf = async (fresh: boolean) => (await leavesFor("with-openid", fresh)).searchParams.get("prompt");
    expect([await promptOf(false), await promptOf(true)]).toEqual([null, "login"]);
    const forced = async (fresh: boolean) => {
      const { searchParams } = await leavesFor("with-saml", fresh);
      const deflated = Buffer.from(searchParams.get("SAMLRequest") ?? "", "base64");
      return inflateRawSync(deflated).toString().includes('ForceAuthn="true"');
    };
    expect([await forced(false), await forced(true)]).toEqual([false, true]);
  });

  test("takes a new client key that was published before it signs, without a change in the realm", async () => {
    const { token } = await signIn(new Browser());
    const fresh = await makeKey("client", "active", systemClock);
    published = [signs, { ...fresh, status: "next" }];
    expect(await refresh(token)).toBe(true);
    published = [fresh];
    signs = fresh;
    // Keycloak asks for an unknown key at most once in ten seconds; a rotation is announced three minutes ahead.
    const began = systemClock.millis();
    let taken = false;
    while (!taken && systemClock.millis() - began < 15_000) {
      taken = await refresh(token).catch(() => false);
      if (!taken) await systemClock.sleep(500);
    }
    expect(taken).toBe(true);
  });
});
