import { type CryptoKey, importJWK, type JWK } from "jose";
import { Bug } from "../../core/index.ts";

/**
 * Public keys whose private parts nobody kept. A signature of an unknown client is checked with them, so that it takes the
 * time of a known one's (S-58). Whatever they say, the answer is no.
 */
const decoys: Readonly<Record<string, JWK>> = {
  ES256: {
    kty: "EC",
    crv: "P-256",
    x: "iQCQg_IOoZ_xWviiQhzVN0rRnCBIb7KyMKbvFvzZhuQ",
    y: "ngW1uPuC_VinhMTfPLgsrVETFZCdGfuAYr57D_Igv_g",
  },
  RS256: { kty: "RSA", e: "AQAB", n: modulus() },
  PS256: { kty: "RSA", e: "AQAB", n: modulus() },
  EdDSA: { kty: "OKP", crv: "Ed25519", x: "lfbI-OqIEUv0Jmh1Tr8-FuuBBMSrtIR2duUzGoM94zk" },
};

function modulus(): string {
  return [
    "qR1RnQy_GpPdzw-n5IiS298B3f4E667qOAFsgh3dwLZF7GWASf1uyLKD1Bisc8D38978MoNEnLIY3vNflTU2Qt",
    "3W2F9f5iWc84QJiqW-7PgOIYrBcjcsXXcTbaKFrYVjrbzYquMPWc41ZeSClsEjXQGuYdTahq4JBi8fDk3xDCgd",
    "lpL-JbM7-79GKqNpb8-UKgBTeQlkjiDqrKb3BNIqkMV6devZbq0J7lkccf1UAOYmfL3ETRMtdipgOLlOOhKaFY",
    "5MVtWTB6eHjN3dmivZNfniGs6ZvhezggC3ubPOK4GwQw3gQL5mQuI_ohJem2TBFhpTgsBaVZs2lEZZSLRQEw",
  ].join("");
}

/** Imported once, from when the process starts: the first request must not be slower than the second. */
const imported = new Map(Object.entries(decoys).map(([alg, jwk]) => [alg, importJWK(jwk, alg)]));

/** The decoy for a signature algorithm that an assertion may use. */
export async function decoyOf(alg: string | undefined): Promise<CryptoKey | Uint8Array> {
  const key = await imported.get(alg ?? "");
  if (!key) throw new Bug("no decoy for an algorithm that is accepted");
  return key;
}
