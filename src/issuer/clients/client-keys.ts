import { readFile } from "node:fs/promises";
import type { JWK } from "jose";
import { z } from "zod";
import { Fault } from "../../core/index.ts";

/** Public keys only: whoever gives us a private one has given it away. */
const publicKey = z
  .object({ kty: z.enum(["EC", "RSA", "OKP"]), kid: z.string().min(1).optional() })
  .loose()
  .refine((key) => !("d" in key || "k" in key), "a private or shared key must not be here");
const keyFile = z.object({ keys: z.array(publicKey).min(1) });

/** Reads a client's public keys (JWKS). Throws `Fault` when the file is not one, or holds a private key. */
export async function readClientKeys(file: string): Promise<readonly JWK[]> {
  try {
    return keyFile.parse(JSON.parse(await readFile(file, "utf8"))).keys as readonly JWK[];
  } catch (cause) {
    const message = "it is not a JSON Web Key Set of public keys";
    throw new Fault("client keys", `reading ${file}`, { cause, retryable: false, message });
  }
}
