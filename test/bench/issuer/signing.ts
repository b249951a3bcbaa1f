import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { makeKeySet } from "../../../src/issuer/keys/key-set.ts";
import type { StoredKey } from "../../../src/issuer/keys/stored-key.ts";

// A program: prints how many JWTs a second are signed with ES256, in the issuer's way and in the library's.

const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = privateKey.export({ format: "jwk" }) as StoredKey["jwk"];
const key = { kid: "bench", use: "token", status: "active", createdAt: 0, activeAt: 0, jwk } as unknown as StoredKey;
const keys = makeKeySet([key], "token");
const claims = { iss: "https://id.example", sub: "p-0", aud: "gx1", iat: 1, exp: 2 };

async function rate(sign: () => unknown): Promise<number> {
  for (let n = 0; n < 2_000; n++) await sign();
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < 1_500) for (let n = 0; n < 100; n++, count++) await sign();
  return (count / (performance.now() - started)) * 1000;
}

const issuer = await rate(() => keys.sign("JWT", claims));
const jose = await rate(() => new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "bench" }).sign(privateKey));
console.log(JSON.stringify({ issuer, jose }));
