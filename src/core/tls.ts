/**
 * The suites of TLS 1.2 that RFC 9325 section 4.2 recommends and FAPI 2.0 section 5.2.2 leaves: forward secrecy (ECDHE) and
 * authenticated encryption (AES-GCM). No CBC, no RSA key transport, no static or finite-field Diffie-Hellman.
 */
export const tls12Suites: readonly string[] = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
];

/** The suites of TLS 1.3 (RFC 8446 section B.4) that OpenSSL offers by itself; all of them are of that kind. */
const tls13Suites = ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

/** Everything that is spoken, by us as a server and as a client, as OpenSSL writes lists of suites. */
export const tlsSuites = [...tls13Suites, ...tls12Suites].join(":");
