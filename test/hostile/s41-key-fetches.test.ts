import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault, makeSeal, Secret, seconds, systemClock, systemRandom } from "../../src/core/index.ts";
import { makeGuardedFetch, rulesFor } from "../../src/http-client/index.ts";
import { makeKey } from "../../src/issuer/keys/stored-key.ts";
import { recheckClaims } from "../../src/relying-party/claims/recheck.ts";
import { createLogoutTokenVerifier } from "../../src/relying-party/logout/logout-token.ts";
import { connectRealm } from "../../src/relying-party/realm.ts";
import { createMemoryStore } from "../../src/store/index.ts";
import { listen, stopServer } from "../support/loopback.ts";

let server: Server;
let issuer: string;
let asked: string[] = [];
let idToken = "";
const own = await generateKeyPair("RS256");
const clientKey = await makeKey("client", "active", systemClock);

beforeAll(async () => {
  const jwk = { ...(await exportJWK(own.publicKey)), kid: "k", alg: "RS256", use: "sig" };
  server = createServer((request, answer) => {
    const path = request.url ?? "";
    asked.push(path);
    // One identity provider says nothing at all, the other one answers.
    if (path.startsWith("/silent/")) return;
    const base = path.startsWith("/quick/") ? `${issuer}/quick` : issuer;
    const answers: Record<string, object> = {
      "/jwks": { keys: [jwk] },
      "/token": { access_token: "a", token_type: "Bearer", id_token: idToken },
      "/userinfo": { sub: "s1" },
      "/quick/userinfo": { sub: "u", groups: ["now"] },
    };
    const metadata = {
      issuer: base,
      authorization_endpoint: `${base}/auth`,
      token_endpoint: `${base}/token`,
      userinfo_endpoint: `${base}/userinfo`,
      jwks_uri: `${base}/jwks`,
      id_token_signing_alg_values_supported: ["RS256"],
    };
    const stored = path.startsWith("/broker/") ? { access_token: "stored" } : undefined;
    answer.setHeader("content-type", "application/json").end(JSON.stringify(stored ?? answers[path] ?? metadata));
  });
  issuer = `http://${await listen(server)}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => stopServer(server));

const now = systemClock.now();
const signed = (kid: string, claims: object) =>
  new SignJWT({ iss: issuer, sub: "s1", aud: "cloudpass", iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: "RS256", kid })
    .sign(own.privateKey);
const options = () => ({
  issuer,
  clientId: "cloudpass",
  scopes: ["openid"],
  allowInsecureLoopback: true,
  timeout: seconds(10),
});
const keyFetches = () => asked.filter((path) => path === "/jwks").length;

describe("S-41: tokens by a key that nobody knows", () => {
  test("as logout tokens: a hundred of them cause one key fetch", async () => {
    const store = createMemoryStore({ clock: systemClock, random: systemRandom });
    const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
    const deps = { options: options(), store, clock: systemClock, seal };
    const verifyLogoutToken = createLogoutTokenVerifier(deps, async () => new URL(`${issuer}/jwks`));
    const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
    const token = (kid: string, n: number) => signed(kid, { events, jti: `j${n}` });
    for (let n = 0; n < 10; n++) {
      const tokens = await Promise.all(Array.from({ length: 10 }, (_, i) => token(`guess-${n}-${i}`, n * 10 + i)));
      const results = await Promise.all(tokens.map(verifyLogoutToken));
      expect(results.every((result) => !result.ok)).toBe(true);
    }
    expect(keyFetches()).toBe(1);
    expect((await verifyLogoutToken(await token("k", 1000))).ok).toBe(true);
    expect(keyFetches()).toBe(1);
    await store.close();
  });

  test("as ID tokens at the callback: the same", async () => {
    const realm = connectRealm({
      issuer: "https://login.example",
      options: options(),
      clientKey: () => clientKey,
      clock: systemClock,
    });
    const redeem = async (kid: string) => {
      idToken = await signed(kid, { nonce: "n" });
      const callback = new URL("https://login.example/login/callback?code=c&state=s");
      return realm.redeem(callback, { state: "s", nonce: "n", verifier: "v".repeat(43) }).then(
        (answer) => (answer.ok ? "taken" : "refused"),
        (problem: unknown) => (problem instanceof Fault ? "refused" : Promise.reject(problem)),
      );
    };
    for (let n = 0; n < 30; n++) expect(await redeem(`guess-${n}`)).toBe("refused");
    expect(keyFetches()).toBe(1);
    expect(await redeem("k")).toBe("taken");
  });
});

describe("S-41: an identity provider that says nothing", () => {
  test("does not slow the people of another one", async () => {
    const rule = (alias: string) => ({
      alias,
      issuer: `${issuer}/${alias}`,
      recheck: "required" as const,
      claims: ["groups"],
    });
    const rules = new Map(["silent", "quick"].map((alias) => [alias, rule(alias)]));
    const fetch = makeGuardedFetch(rulesFor(["127.0.0.1/32"], { timeoutMs: 4_000 }));
    const deps = { options: options(), fetch, identityProviders: { rechecks: () => rules } };
    const ask = (alias: string) => recheckClaims(deps, alias, {}, "token").then((result) => result.ok);
    const hanging = Array.from({ length: 50 }, () => ask("silent").catch((problem: unknown) => problem));
    const began = performance.now();
    for (let n = 0; n < 5; n++) expect(await ask("quick")).toBe(true);
    expect(performance.now() - began).toBeLessThan(3_000);
    const ended = await Promise.all(hanging);
    expect(ended.every((problem) => problem instanceof Fault)).toBe(true);
  });
});
