import { type Configuration, type DPoPHandle, getDPoPHandle, randomDPoPKeyPair } from "openid-client";
import { Bug } from "../../../core/index.ts";
import { isProofKey, type ProofKey } from "./kept-login.ts";

const algorithm = "ES256";
const curve = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A new key for a login, if the issuer knows proofs of possession. */
export async function makeProofKey(configuration: Configuration): Promise<ProofKey | undefined> {
  const { dpop_signing_alg_values_supported: known } = configuration.serverMetadata();
  if (!known?.includes(algorithm)) return undefined;
  const { privateKey } = await randomDPoPKeyPair(algorithm, { extractable: true });
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  const key = { kty, crv, x, y, d };
  if (!isProofKey(key)) throw new Bug("a new P-256 key lacks a part");
  return key;
}

/** What makes proofs with a key; `undefined` for a login without one. */
export async function proverOf(
  configuration: Configuration,
  key: ProofKey | undefined,
): Promise<DPoPHandle | undefined> {
  if (key === undefined) return undefined;
  const { d: _private, ...publicPart } = key;
  const privateKey = await crypto.subtle.importKey("jwk", key, curve, false, ["sign"]);
  const publicKey = await crypto.subtle.importKey("jwk", publicPart, curve, true, ["verify"]);
  return getDPoPHandle(configuration, { privateKey, publicKey });
}

/** The option of openid-client's requests. */
export const proving = (prover: DPoPHandle | undefined): { DPoP?: DPoPHandle } =>
  prover === undefined ? {} : { DPoP: prover };
