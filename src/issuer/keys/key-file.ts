import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from "jose";
import { z } from "zod";
import { type Clock, Fault, isoTime } from "../../core/index.ts";

/**
 * A signing key as the file keeps it. `token` keys sign what we issue; `client` keys prove who we are to the upstream
 * realm (RFC 7523): apart, so that neither can be used for the other. `next` is published but does not sign yet,
 * `retiring` is published until the last token it signed is over: what rotation without a gap needs.
 */
const keySchema = z.strictObject({
  kid: z.string().min(16),
  use: z.enum(["token", "client"]),
  alg: z.literal("ES256"),
  status: z.enum(["next", "active", "retiring"]),
  createdAt: z.iso.datetime(),
  jwk: z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: z.string(), y: z.string(), d: z.string() }),
});

const fileSchema = z.strictObject({ version: z.literal(1), keys: z.array(keySchema) });

/** One key of the key file, private part included. */
export type StoredKey = z.infer<typeof keySchema>;

/** Makes one new key. Its id is its RFC 7638 thumbprint: the same key never has two names. */
export async function makeKey(use: StoredKey["use"], status: StoredKey["status"], clock: Clock): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  return keySchema.parse({ kid, use, alg: "ES256", status, createdAt: isoTime(clock.now()), jwk: pick(jwk) });
}

/** Writes a new key file with one active key for each use. Refuses to touch one that is there. */
export async function createKeyFile(path: string, clock: Clock): Promise<readonly StoredKey[]> {
  const keys = [await makeKey("token", "active", clock), await makeKey("client", "active", clock)];
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "wx", 0o600).catch((cause: unknown) => {
    throw new Fault("key file", `creating ${path}`, { cause, retryable: false, says: "is there one already?" });
  });
  await file.writeFile(`${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
  await file.sync();
  await file.close();
  return keys;
}

/** Reads a key file. A lost or broken one is an outage, never a reason to make new keys (S-67). */
export async function readKeyFile(path: string): Promise<readonly StoredKey[]> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Fault("key file", `reading ${path}`, {
      cause,
      retryable: false,
      says: "make one with `cloudpass keys create`, or restore it",
    });
  });
  const parsed = fileSchema.safeParse(jsonOrUndefined(text));
  if (!parsed.success) {
    throw new Fault("key file", `reading ${path}`, { retryable: false, says: "it is not a key file of version 1" });
  }
  return parsed.data.keys;
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema says the rest
  }
}

const pick = ({ kty, crv, x, y, d }: JWK) => ({ kty, crv, x, y, d });
