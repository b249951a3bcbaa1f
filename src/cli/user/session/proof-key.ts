import { type Configuration, type DPoPHandle, getDPoPHandle, randomDPoPKeyPair } from "openid-client";
import { z } from "zod";

const algorithm = "ES256";
const curve = { name: "ECDSA", namedCurve: "P-256" } as const;

/** A private P-256 key as the token file keeps it. */
export const proofKeySchema = z.strictObject({
  kty: z.literal("EC"),
  crv: z.literal("P-256"),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});

/**
 * The key of one login (RFC 9449): whoever copies the refresh token without it has nothing. Kept beside the tokens, in the
 * same private file, so it does not help against who can read that file.
 */
export type ProofKey = z.infer<typeof proofKeySchema>;

/** A new key for a login, if the issuer knows proofs of possession. */
export async function makeProofKey(configuration: Configuration): Promise<ProofKey | undefined> {
  const { dpop_signing_alg_values_supported: known } = configuration.serverMetadata();
  if (!known?.includes(algorithm)) return undefined;
  const { privateKey } = await randomDPoPKeyPair(algorithm, { extractable: true });
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  return proofKeySchema.parse({ kty, crv, x, y, d });
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
