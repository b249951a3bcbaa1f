import { createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { errors } from "jose";
import { Fault } from "../../core/index.ts";
import type { StoredKey } from "./stored-key.ts";

/** A public key as JWKS publishes it (RFC 7517). */
interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly use: "sig";
  readonly alg: "ES256";
}

/** The keys of one use, imported once. */
export interface KeySet {
  /** What `jwks` publishes: next, active and retiring keys. */
  readonly jwks: { readonly keys: readonly PublicJwk[] };
  /** The same as text, rendered once. */
  readonly jwksText: string;
  /** Key that verifies what `kid` signed, while it is published. */
  verifier(kid: string | undefined): KeyObject | undefined;
  /** Signs a JWT of the given `typ` with the active key; compact serialisation. */
  sign(typ: string, claims: object): string;
  /** The active key, for a library that signs itself. */
  readonly active: StoredKey;
}

/** Imports the keys of one use. Throws `Fault` unless exactly one is active. */
export function makeKeySet(stored: readonly StoredKey[], use: StoredKey["use"]): KeySet {
  const keys = stored.filter((k) => k.use === use);
  const [active, second] = keys.filter((k) => k.status === "active");
  if (!active || second) {
    throw new Fault("key set", `loading the ${use} keys`, { retryable: false, message: "exactly one must be active" });
  }
  const verifiers = new Map(keys.map((k) => [k.kid, createPublicKey({ key: { ...k.jwk }, format: "jwk" })]));
  const signer = createPrivateKey({ key: { ...active.jwk }, format: "jwk" });
  const headers = new Map<string, string>();
  const header = (typ: string): string => {
    const known = headers.get(typ);
    if (known !== undefined) return known;
    const made = encode({ alg: "ES256", typ, kid: active.kid });
    headers.set(typ, made);
    return made;
  };
  const jwks = { keys: keys.map(publicJwk) };
  return {
    jwks,
    jwksText: JSON.stringify(jwks),
    verifier: (kid) => (kid === undefined ? undefined : verifiers.get(kid)),
    sign: (typ, claims) => {
      const input = `${header(typ)}.${encode(claims)}`;
      return `${input}.${joseSignature(sign("sha256", Buffer.from(input), signer)).toString("base64url")}`;
    },
    active,
  };
}

/** Finds, for jose, the key that a token of ours names. One that is not published verifies nothing. */
export const publishedKey =
  (keys: () => KeySet) =>
  ({ kid }: { readonly kid?: string | undefined }): KeyObject => {
    const key = keys().verifier(kid);
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  };

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const publicJwk = ({ kid, jwk }: StoredKey): PublicJwk => ({
  kty: "EC",
  crv: "P-256",
  x: jwk.x,
  y: jwk.y,
  kid,
  use: "sig",
  alg: "ES256",
});

/**
 * An ECDSA signature as JOSE wants it: r and s, 32 bytes each (RFC 7518 section 3.4), from the DER that OpenSSL makes.
 * Node can make this form itself (`dsaEncoding`), but at less than half the speed on Node 24: measured.
 */
export function joseSignature(der: Buffer): Buffer {
  const out = Buffer.alloc(64);
  const rLength = der[3] ?? 0;
  copyInteger(der.subarray(4, 4 + rLength), out, 32);
  copyInteger(der.subarray(6 + rLength, 6 + rLength + (der[5 + rLength] ?? 0)), out, 64);
  return out;
}

/** Right-aligns a DER integer, without its sign byte, so that it ends at `end`. */
function copyInteger(integer: Buffer, out: Buffer, end: number): void {
  const bytes = integer.length === 33 ? integer.subarray(1) : integer;
  bytes.copy(out, end - bytes.length);
}
