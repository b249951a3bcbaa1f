import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 9325",
  title: "Recommendations for Secure Use of TLS and DTLS (BCP 195)",
  sentences: [
    { section: "3.1.1", sentence: "TLS 1.2 is supported", file: "3-versions.test.ts" },
    { section: "3.1.1", sentence: "TLS 1.0 and 1.1, SSL 2 and 3 are not negotiated", file: "3-versions.test.ts" },
    { section: "3.1.1", sentence: "TLS 1.3 is preferred to earlier versions", file: "3-versions.test.ts" },
    { section: "3.2", sentence: "web servers send Strict-Transport-Security", file: "unit/http/front.test.ts" },
    {
      section: "3.3",
      sentence: "TLS does not compress",
      notApplicable: "OpenSSL as Node brings it has no compression",
    },
    {
      section: "3.4",
      sentence: "keys of session tickets change regularly",
      file: "3-versions.test.ts",
    },
    { section: "3.5", sentence: "renegotiation is not an attack: the server refuses it", file: "3-versions.test.ts" },
    {
      section: "3.9",
      sentence: "early data is only taken where a profile allows it",
      notApplicable: "Node takes none",
    },
    {
      section: "4.1",
      sentence: "suites without encryption, with RC4, of less than 112 bits or for export are not negotiated",
      file: "4-suites.test.ts",
    },
    { section: "4.1", sentence: "RSA key transport is not negotiated, by server and client", file: "4-asked.test.ts" },
    { section: "4.1", sentence: "static and finite-field Diffie-Hellman are not negotiated", file: "4-asked.test.ts" },
    { section: "4.2", sentence: "the recommended suites are: ECDHE with AES-GCM", file: "4-suites.test.ts" },
    {
      section: "4.5",
      sentence: "RSA keys of servers have 2048 bits at least",
      notApplicable: "OpenSSL's security level 2 refuses shorter ones at the start",
    },
  ],
};
