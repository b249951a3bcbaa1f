import { createHash, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from "jose";
import { type Clock, systemClock } from "../../src/core/index.ts";

/** Somebody with a key pair: makes client assertions (RFC 7523) and proofs of possession (RFC 9449), right or wrong ones. */
export interface KeyHolder {
  readonly publicJwk: JWK;
  readonly privateJwk: JWK;
  /** RFC 7638 thumbprint. */
  readonly jkt: string;
  /** Writes a JWKS with the public key. */
  writeKeys(file: string): Promise<void>;
  /** A client assertion; `claims` and `header` replace what is usual, `undefined` takes it away. */
  assertion(client: string, audience: string, claims?: object, header?: object): Promise<string>;
  /** A DPoP proof. */
  proof(method: string, url: string, claims?: object, header?: object): Promise<string>;
  /** Headers of a request with this access token and a proof for it. */
  bearing(accessToken: unknown, method: string, url: string): Promise<Record<string, string>>;
}

/** The hash of an access token as a proof names it. */
export const ath = (accessToken: unknown): string =>
  createHash("sha256").update(String(accessToken)).digest("base64url");

/** Makes a key and its holder. */
export async function keyHolder(alg = "ES256", clock: Clock = systemClock): Promise<KeyHolder> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return holderOf(await exportJWK(privateKey), alg, clock);
}

/** The holder of a private key that exists already. */
export async function holderOf(privateJwk: JWK, alg = "ES256", clock: Clock = systemClock): Promise<KeyHolder> {
  const privateKey = await importJWK(privateJwk, alg);
  const secrets = ["d", "p", "q", "dp", "dq", "qi"];
  const publicJwk: JWK = Object.fromEntries(Object.entries(privateJwk).filter(([name]) => !secrets.includes(name)));
  const sign = (claims: object, header: object) => {
    const jwt = new SignJWT(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>);
    return jwt
      .setProtectedHeader(JSON.parse(JSON.stringify({ alg, ...header })) as { alg: string })
      .sign(privateKey, { crit: { x: true } });
  };
  const holder: KeyHolder = {
    publicJwk,
    privateJwk,
    jkt: await calculateJwkThumbprint(publicJwk),
    writeKeys: (file) => writeFile(file, JSON.stringify({ keys: [{ ...publicJwk, kid: "k1", use: "sig" }] })),
    assertion: (client, audience, claims = {}, header = {}) => {
      const now = clock.now();
      const usual = { iss: client, sub: client, aud: audience, iat: now, exp: now + 60, jti: randomUUID() };
      return sign({ ...usual, ...claims }, { kid: "k1", ...header });
    },
    proof: (method, url, claims = {}, header = {}) => {
      const usual = { htm: method, htu: url, iat: clock.now(), jti: randomUUID() };
      return sign({ ...usual, ...claims }, { typ: "dpop+jwt", jwk: publicJwk, ...header });
    },
    bearing: async (accessToken, method, url) => ({
      authorization: `DPoP ${String(accessToken)}`,
      dpop: await holder.proof(method, url, { ath: ath(accessToken) }),
    }),
  };
  return holder;
}
