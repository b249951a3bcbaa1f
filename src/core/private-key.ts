/** Longer texts are not looked into: no key that anybody uses is as long. */
const longest = 65_536;

/**
 * True for a text that holds a private key, whatever it is called: PEM (RFC 7468), a JWK (RFC 7517), or the bare base64 in
 * which Keycloak keeps keys. A key that is itself encrypted does not count.
 */
export function holdsPrivateKey(text: string): boolean {
  if (text.length > longest) return false;
  if (/-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----/.test(text)) return !text.includes("BEGIN ENCRYPTED");
  return isPrivateJwk(text) || isPrivateDer(text);
}

/** `d` of RSA, EC and OKP keys, `k` of symmetric ones (RFC 7518 section 6). */
function isPrivateJwk(text: string): boolean {
  if (!text.includes('"kty"')) return false;
  try {
    const { keys = [], ...key } = JSON.parse(text) as { readonly keys?: readonly unknown[] };
    return [key, ...keys].some((one) => typeof one === "object" && one !== null && ("d" in one || "k" in one));
  } catch {
    return false;
  }
}

/**
 * PKCS #1, SEC 1 and PKCS #8 begin with a sequence whose first member is the version, 0 or 1; PKCS #12 has version 3.
 * Certificates and public keys begin with another sequence, or with a large number.
 */
function isPrivateDer(text: string): boolean {
  // A sequence's first byte, 0x30, is "M" and a letter of the second byte in base64.
  if (!/^\s*M[A-Za-z0-9+/_\s-]{40}/.test(text)) return false;
  const der = Buffer.from(text.slice(0, 64).replace(/\s/g, ""), "base64");
  const length = der[1] ?? 0;
  const start = 2 + (length > 0x80 ? length - 0x80 : 0);
  const version = der[start + 2] ?? 255;
  return der[0] === 0x30 && der[start] === 2 && der[start + 1] === 1 && [0, 1, 3].includes(version);
}
