import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 7523",
  title: "JWT Profile for OAuth 2.0 Client Authentication and Authorization Grants",
  sentences: [
    {
      section: "2.1",
      sentence: "a JWT bearer grant carries its own grant_type and one assertion",
      notApplicable: "the JWT as an authorization grant is not offered: unsupported_grant_type",
    },
    {
      section: "2.1",
      sentence: "the grant_type of the JWT bearer grant is refused, not taken for another",
      file: "2.2-assertion-parameters.test.ts",
    },
    {
      section: "2.2",
      sentence: "client_assertion_type is the one of JWT bearer; another or none is refused",
      file: "2.2-assertion-parameters.test.ts",
    },
    { section: "2.2", sentence: "there is exactly one client_assertion", file: "2.2-assertion-parameters.test.ts" },
    {
      section: "2.2",
      sentence: "client_id is optional, and must then be the client of the assertion",
      file: "2.2-assertion-parameters.test.ts",
    },
    { section: "3", sentence: "iss is there and names the client", file: "3-assertion.test.ts" },
    { section: "3", sentence: "sub is there and is the client_id", file: "3-assertion.test.ts" },
    {
      section: "3",
      sentence: "aud is there and names us; issuer and token endpoint both do",
      file: "3-assertion.test.ts",
    },
    { section: "3", sentence: "an assertion for another audience is rejected", file: "3-assertion.test.ts" },
    {
      section: "3",
      sentence: "exp is there and is not over, but for a small skew of clocks",
      file: "3-assertion.test.ts",
    },
    { section: "3", sentence: "nbf, if there, has come", file: "3-assertion.test.ts" },
    {
      section: "3",
      sentence: "an iat far away or an exp too far ahead may be rejected, and is",
      file: "3-assertion.test.ts",
    },
    {
      section: "3",
      sentence: "jti, if looked at, is good once while the assertion could be",
      file: "3-assertion.test.ts",
    },
    { section: "3", sentence: "the assertion is signed or has a MAC of the client", file: "3-assertion.test.ts" },
    {
      section: "3",
      sentence: "a signature that does not verify is rejected, as is any JWT that is not valid in all other respects",
      file: "3-assertion.test.ts",
    },
    { section: "3.2", sentence: "the error of a client assertion is invalid_client", file: "3-assertion.test.ts" },
    {
      section: "3.1",
      sentence: "the error of an authorization grant is invalid_grant",
      notApplicable: "the JWT as an authorization grant is not offered",
    },
    {
      section: "5",
      sentence: "ES256 or RS256 is supported; a symmetric algorithm is not taken",
      file: "protocol/rfc8725/3.1-algorithms.test.ts",
    },
    { section: "5", sentence: "issuer and audience are compared as strings, exactly", file: "3-assertion.test.ts" },
    {
      section: "6",
      sentence: "JWTs with private content are encrypted",
      notApplicable: "an assertion of ours holds nothing private: iss, sub, aud, times and jti",
    },
  ],
};
