import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "OpenID Connect Discovery 1.0",
  title: "incorporating errata set 2",
  sentences: [
    {
      section: "2",
      sentence: "WebFinger finds the issuer of a person",
      notApplicable: "optional: our people know their cloud; the issuer is configured",
    },
    {
      section: "3",
      sentence: "issuer, authorization_endpoint, token_endpoint, jwks_uri and userinfo_endpoint are there",
      file: "3-provider-metadata.test.ts",
    },
    {
      section: "3",
      sentence: "response_types_supported, subject_types_supported and id_token_signing_alg_values_supported are there",
      file: "3-provider-metadata.test.ts",
    },
    {
      section: "3",
      sentence: "RS256 is in id_token_signing_alg_values_supported",
      notApplicable: "deliberately not: only ES256 signs (see OpenID Connect Core 15.1), and what is listed works",
    },
    {
      section: "3",
      sentence: "none is not listed as algorithm of a token endpoint",
      file: "3-provider-metadata.test.ts",
    },
    { section: "3", sentence: "scopes_supported has openid", file: "3-provider-metadata.test.ts" },
    {
      section: "3",
      sentence: "request_uri_parameter_supported is said to be false: left out it means true",
      file: "3-provider-metadata.test.ts",
    },
    {
      section: "3",
      sentence: "the keys are for signatures, with use when there are others too, and without private parts",
      file: "3-provider-metadata.test.ts",
    },
    {
      section: "3",
      sentence: "dynamic providers support code, id_token and token id_token",
      notApplicable: "clients do not register by themselves",
    },
    { section: "3", sentence: "what is listed works, and nothing else does", file: "3-provider-metadata.test.ts" },
    {
      section: "4",
      sentence: "the document is at the well-known path behind the issuer",
      file: "4-configuration-document.test.ts",
    },
    { section: "4.1", sentence: "it is asked for by GET", file: "4-configuration-document.test.ts" },
    { section: "4.2", sentence: "the answer is 200 in application/json", file: "4-configuration-document.test.ts" },
    { section: "4.2", sentence: "members without a value are left out", file: "4-configuration-document.test.ts" },
    {
      section: "4.3",
      sentence: "issuer is the iss of ID tokens and the beginning of the address, byte for byte",
      file: "4-configuration-document.test.ts",
    },
    {
      section: "4.3",
      sentence: "as relying party we check that the realm's issuer is the configured one",
      file: "4.3-issuer-of-the-realm.test.ts",
    },
    {
      section: "7.1",
      sentence: "TLS with a check of the certificate",
      notApplicable: "TLS ends at the proxy before us; the configuration takes http on loopback alone",
    },
  ],
};
