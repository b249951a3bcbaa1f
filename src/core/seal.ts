import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  timingSafeEqual,
} from "node:crypto";
import type { Random } from "./random.ts";
import type { Secret } from "./secret.ts";

/**
 * What the broker does with its master key: keyed hashes for store keys (S-22: a dump of the store opens nothing),
 * MACs for one browser hop (S-16), encryption of what must be read again. Every purpose has a key of its own (HKDF).
 */
export interface Seal {
  /** Keyed hash of `text` for `purpose`, base64url, 256 bits. */
  hash(purpose: string, text: string): string;
  /** True when `mac` is the keyed hash of `text` for `purpose`; constant time. */
  matches(purpose: string, text: string, mac: string): boolean;
  /** Encrypts (AES-256-GCM) and authenticates; `purpose` is bound in. */
  encrypt(purpose: string, text: string): string;
  /** Decrypts what `encrypt` made for the same purpose; `undefined` when it was changed or is of another purpose. */
  decrypt(purpose: string, sealed: string): string | undefined;
}

/** Compares two texts in time that depends on their lengths only (S-58). */
export function sameText(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

/** Derives the broker's seal from its master key (at least 32 characters). */
export function makeSeal(master: Secret, random: Random): Seal {
  // Key objects and not bytes: Node 24 takes seven times as long to hash with a key given as bytes (measured).
  const keys = new Map<string, KeyObject>();
  const keyFor = (purpose: string): KeyObject => {
    const known = keys.get(purpose);
    if (known) return known;
    const key = createSecretKey(Buffer.from(hkdfSync("sha256", master.reveal(), "cloudpass", purpose, 32)));
    keys.set(purpose, key);
    return key;
  };
  const hash = (purpose: string, text: string) =>
    createHmac("sha256", keyFor(`hash ${purpose}`))
      .update(text)
      .digest("base64url");
  return {
    hash,
    matches: (purpose, text, mac) => sameText(hash(purpose, text), mac),
    encrypt: (purpose, text) => {
      const iv = random.bytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyFor(`seal ${purpose}`), iv);
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString("base64url");
    },
    decrypt: (purpose, sealed) => {
      const raw = Buffer.from(sealed, "base64url");
      if (raw.length < 28) return undefined;
      const decipher = createDecipheriv("aes-256-gcm", keyFor(`seal ${purpose}`), raw.subarray(0, 12));
      decipher.setAuthTag(raw.subarray(12, 28));
      try {
        return Buffer.concat([decipher.update(raw.subarray(28)), decipher.final()]).toString("utf8");
      } catch {
        return undefined; // the tag did not match: changed, or another purpose or master key
      }
    },
  };
}
