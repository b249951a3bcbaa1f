import { createHmac, createPublicKey, sign } from "node:crypto";
import fc from "fast-check";
import { compactVerify, importJWK } from "jose";
import { describe, expect, test } from "vitest";
import { instant } from "../../../src/core/index.ts";
import { joseSignature, makeKeySet } from "../../../src/issuer/keys/key-set.ts";
import { makeKey } from "../../../src/issuer/keys/stored-key.ts";
import { createAccessTokenVerifier } from "../../../src/issuer/tokens/verify.ts";
import { heldClock } from "../../support/held-clock.ts";
import { issuer, keys } from "./kit.ts";

const clock = heldClock(instant(1_800_000_000));
const verifyAccessToken = createAccessTokenVerifier({ issuer, keys: () => keys, clock });
const good = {
  iss: issuer,
  sub: "p-1",
  aud: issuer,
  exp: 1_800_000_600,
  iat: 1_800_000_000,
  jti: "j",
  client_id: "console-tool",
  sid: "f",
};
const b64 = (value: object | string) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const without = (name: keyof typeof good) => Object.fromEntries(Object.entries(good).filter(([n]) => n !== name));
const [publicJwk] = keys.jwks.keys;

/** A token under any header, signed by our own key: the best a forger could ever get. */
function signedAs(header: object, claims: object = good): string {
  const input = `${b64(header)}.${b64(claims)}`;
  const key = { key: { ...keys.active.jwk }, format: "jwk", dsaEncoding: "ieee-p1363" } as const;
  return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
}

const ours = { alg: "ES256", typ: "at+jwt", kid: keys.active.kid };

function hs256WithThePublicKey(): string {
  const pem = createPublicKey({ key: { ...publicJwk } as never, format: "jwk" }).export({
    type: "spki",
    format: "pem",
  });
  const input = `${b64({ ...ours, alg: "HS256" })}.${b64(good)}`;
  return `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`;
}

describe("S-24: the one judge of tokens", () => {
  test("lets its own token in and says what it is about", async () => {
    expect(await verifyAccessToken(keys.sign("at+jwt", good), issuer)).toEqual({
      ok: true,
      value: {
        sub: "p-1",
        clientId: "console-tool",
        sid: "f",
        audience: issuer,
        scope: [],
        expiresAt: good.exp,
        claims: good,
      },
    });
  });

  const foreign = makeKey("token", "active", clock).then((k) => makeKeySet([k], "token"));
  test.each<[string, () => string | Promise<string>]>([
    ["an expired one", () => keys.sign("at+jwt", { ...good, exp: 1_800_000_000 })],
    ["one for another audience", () => keys.sign("at+jwt", { ...good, aud: "gx1" })],
    ["one for two audiences", () => keys.sign("at+jwt", { ...good, aud: [issuer, "gx1"] })],
    ["one of another issuer", () => keys.sign("at+jwt", { ...good, iss: "https://evil.example" })],
    ["one of an issuer with a slash more", () => keys.sign("at+jwt", { ...good, iss: `${issuer}/` })],
    ["alg none", () => `${b64({ ...ours, alg: "none" })}.${b64(good)}.`],
    ["alg none with our signature", () => signedAs({ ...ours, alg: "none" })],
    ["HS256 with the public key", hs256WithThePublicKey],
    ["another algorithm of the same key", () => signedAs({ ...ours, alg: "ES384" })],
    ["an ID token", () => keys.sign("JWT", good)],
    ["no typ", () => signedAs({ alg: "ES256", kid: keys.active.kid })],
    ["an unknown crit", () => signedAs({ ...ours, crit: ["x"], x: 1 })],
    ["an unencoded payload", () => signedAs({ ...ours, crit: ["b64"], b64: false })],
    ["no kid", () => signedAs({ alg: "ES256", typ: "at+jwt" })],
    ["an unknown kid", () => signedAs({ ...ours, kid: "other" })],
    ["a kid that is no text", () => signedAs({ ...ours, kid: { toString: "x" } })],
    ["a key it brings along", () => signedAs({ ...ours, kid: "other", jwk: publicJwk })],
    [
      "one signed by a stranger under our kid",
      async () => {
        const [head = "", body = ""] = keys.sign("at+jwt", good).split(".");
        return `${head}.${body}.${(await foreign).sign("at+jwt", good).split(".")[2]}`;
      },
    ],
    ["a changed claim", () => keys.sign("at+jwt", good).replace(/\.[^.]+\./, `.${b64({ ...good, sub: "p-2" })}.`)],
    ["a sub that is a list", () => keys.sign("at+jwt", { ...good, sub: ["p-1"] })],
    ["a scope that is a list", () => keys.sign("at+jwt", { ...good, scope: ["openid"] })],
    ["a cnf that names no key", () => keys.sign("at+jwt", { ...good, cnf: {} })],
    ["a cnf that is nothing", () => keys.sign("at+jwt", { ...good, cnf: null })],
    ["an exp that is text", () => keys.sign("at+jwt", { ...good, exp: "1800000600" })],
    ["one that is not valid yet", () => keys.sign("at+jwt", { ...good, nbf: 1_800_000_600 })],
    ["an empty text", () => ""],
    ["five parts", () => "a.b.c.d.e"],
    ["claims that are no JSON", () => `${b64(ours)}.${b64("{")}.AA`],
  ])("refuses %s", async (_what, token) => {
    const verified = await verifyAccessToken(await token(), issuer);
    expect(verified.ok ? verified.value : verified.refusal.code).toBe("invalid_token");
  });

  test.each(["sub", "exp", "iat", "jti", "client_id", "sid", "aud", "iss"] as const)(
    "S-33: refuses a token without %s",
    async (claim) => {
      const verified = await verifyAccessToken(keys.sign("at+jwt", without(claim)), undefined);
      expect(!verified.ok && verified.refusal.code).toBe("invalid_token");
    },
  );

  test("refuses whatever else is thrown at it, and never breaks", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.object().map(b64),
      fc.constant(b64(ours)),
      fc.constant(b64(good)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        expect((await verifyAccessToken(parts.join("."))).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test("S-67: takes a token of a retiring key while it is published, and not after", async () => {
    const [old, fresh] = [await makeKey("token", "active", clock), await makeKey("token", "active", clock)];
    const token = makeKeySet([old], "token").sign("at+jwt", good);
    const rotated = (...stored: Parameters<typeof makeKeySet>[0]) =>
      createAccessTokenVerifier({ issuer, keys: () => makeKeySet(stored, "token"), clock });
    expect((await rotated(fresh, { ...old, status: "retiring" })(token)).ok).toBe(true);
    expect((await rotated(fresh)(token)).ok).toBe(false);
  });
});

describe("keys", () => {
  test("sign what jose verifies: 2,000 random messages", async () => {
    const key = await importJWK({ ...publicJwk } as never, "ES256");
    const claims = fc.sample(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }), 2_000);
    for (const claim of claims) {
      const { payload, protectedHeader } = await compactVerify(keys.sign("JWT", claim), key);
      expect(protectedHeader).toEqual({ alg: "ES256", typ: "JWT", kid: keys.active.kid });
      expect(JSON.parse(Buffer.from(payload).toString())).toEqual(JSON.parse(JSON.stringify(claim)));
    }
  });

  test("rfc7518 3.4: r and s are 32 bytes each, however short or long their DER is", () => {
    const der = (n: Buffer) => Buffer.concat([Buffer.from([2, n.length]), n]);
    const integer = (bytes: number, first: number) =>
      Buffer.concat([Buffer.from(first > 0x7f ? [0, first] : [first]), Buffer.alloc(bytes - 1, 7)]);
    for (const [rBytes, sBytes] of [
      [32, 32],
      [31, 32],
      [32, 30],
      [1, 1],
      [20, 32],
    ] as const) {
      for (const first of [0x01, 0x7f, 0x80, 0xff]) {
        const body = Buffer.concat([der(integer(rBytes, first)), der(integer(sBytes, first))]);
        const out = joseSignature(Buffer.concat([Buffer.from([0x30, body.length]), body]));
        const padded = (n: number) =>
          Buffer.concat([Buffer.alloc(32 - n), Buffer.from([first]), Buffer.alloc(n - 1, 7)]);
        expect(out).toEqual(Buffer.concat([padded(rBytes), padded(sBytes)]));
      }
    }
  });

  test("publish no private part", () => {
    for (const jwk of keys.jwks.keys)
      expect(Object.keys(jwk).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  });

  test("of one use are never those of the other, and exactly one signs", async () => {
    const [a, b, c] = [
      await makeKey("token", "active", clock),
      await makeKey("client", "active", clock),
      await makeKey("token", "next", clock),
    ];
    expect(makeKeySet([a, b, c], "token").jwks.keys.map((k) => k.kid)).toEqual([a.kid, c.kid]);
    expect(() => makeKeySet([b], "token")).toThrow(/exactly one must be active/);
    expect(() => makeKeySet([a, { ...c, status: "active" }], "token")).toThrow(/exactly one must be active/);
  });
});
