import { createPublicKey, type JsonWebKey } from "node:crypto";
import type { Clock, Findings } from "../core/index.ts";
import { checkCertificate, readCertificate, shortestRsa } from "./certificates.ts";
import type { OpenIdMetadata } from "./openid-metadata.ts";

const about = "keys";

/** Reading one costs a tenth of a millisecond and more, and the set is of somebody else's making (S-78). */
const mostKeys = 100;

type Key = Readonly<Record<string, unknown>>;

/** What kind of key an algorithm needs (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
const keyTypes: Readonly<Record<string, string>> = { RS: "RSA", PS: "RSA", ES: "EC", Ed: "OKP" };

/** Members that only the owner of a key may know (RFC 7518 section 6). */
const privateMembers = ["d", "p", "q", "dp", "dq", "qi", "k"];

/** Algorithms by which anybody can check a signature; `none` and those with a shared secret are not. */
export const isAsymmetric = (algorithm: string): boolean => /^(?:RS|PS|ES)(?:256|384|512)$|^Ed/.test(algorithm);

/** Looks at an OpenID Provider's published keys (RFC 7517) for `algorithms`, which it says it signs ID tokens with. */
export function checkKeys(
  set: OpenIdMetadata | undefined,
  algorithms: readonly string[],
  findings: Findings,
  clock: Clock,
): void {
  const keys = set?.["keys"];
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === "object" && key !== null)) {
    return findings.fail(about, "jwks_uri answers with no key set", 'publish {"keys": [...]} there (RFC 7517)');
  }
  if (keys.length > mostKeys) {
    const message = `there are ${keys.length} keys, of which every verifier would have to try ${mostKeys} or more`;
    return findings.fail(about, message, "publish the keys that sign now and next, and no others");
  }
  for (const key of keys as Key[]) checkKey(key, findings, clock);
  const signing = (keys as Key[]).filter((key) => key["use"] === undefined || key["use"] === "sig");
  checkIds(signing, findings);
  const fits = (algorithm: string) => signing.some((key) => isFor(key, algorithm));
  const usable = algorithms.filter(isAsymmetric);
  if (usable.length > 0 && !usable.some(fits)) {
    const message = `no key for signatures with ${usable.slice(0, 6).join(", ")}`;
    return findings.fail(about, message, "publish the key that signs ID tokens, with use: sig and its alg");
  }
  findings.ok(about, `${signing.length} for signatures`);
}

const isFor = (key: Key, algorithm: string): boolean =>
  key["kty"] === keyTypes[algorithm.slice(0, 2)] && (key["alg"] === undefined || key["alg"] === algorithm);

const nameOf = (key: Key): string =>
  typeof key["kid"] === "string" ? `key "${key["kid"].slice(0, 64)}"` : "a key without kid";

function checkKey(key: Key, findings: Findings, clock: Clock): void {
  const name = nameOf(key);
  if (privateMembers.some((member) => key[member] !== undefined)) {
    const remedy = "replace the key at once: anybody can sign with it; publish public keys only";
    return findings.fail(about, `${name} is published with its private or secret part`, remedy);
  }
  const bits = key["kty"] === "RSA" ? modulusLength(key) : undefined;
  if (bits !== undefined && bits < shortestRsa) {
    findings.fail(about, `${name} is an RSA key of ${bits} bits`, `use ${shortestRsa} bits or more, or an EC key`);
  }
  if (bits === undefined && !isReadable(key))
    findings.fail(about, `${name} is not a valid key`, "publish it as RFC 7517 says");
  const [leaf] = Array.isArray(key["x5c"]) ? key["x5c"] : [];
  const certificate = typeof leaf === "string" ? readCertificate(leaf) : undefined;
  // Its times bind nobody here, but libraries that look at them will refuse the key.
  if (certificate !== undefined && certificate.validToDate.getTime() < clock.millis()) {
    checkCertificate(certificate, `certificate of ${name}`, findings, clock);
  }
}

function modulusLength(key: Key): number | undefined {
  try {
    return createPublicKey({ key: key as JsonWebKey, format: "jwk" }).asymmetricKeyDetails?.modulusLength;
  } catch {
    return undefined;
  }
}

/** A kind of key that nobody here knows is not a mistake; a known one that cannot be read is. */
function isReadable(key: Key): boolean {
  if (typeof key["kty"] !== "string") return false;
  if (!Object.values(keyTypes).includes(key["kty"])) return true;
  try {
    createPublicKey({ key: key as JsonWebKey, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

/** Which key signed is said by its `kid` (OpenID Connect Core 10.1): two of one name, or several without, are a guess. */
function checkIds(keys: readonly Key[], findings: Findings): void {
  const kids = keys.map((key) => key["kid"]);
  const twice = kids.find((kid, n) => kid !== undefined && kids.indexOf(kid) !== n);
  if (twice !== undefined) {
    const message = `two keys have the kid "${String(twice).slice(0, 64)}"`;
    findings.fail(about, message, "give each key a kid of its own");
  }
  if (keys.length > 1 && kids.includes(undefined)) {
    findings.fail(about, "there are several keys, and not all have a kid", "give each key a kid of its own");
  }
}
