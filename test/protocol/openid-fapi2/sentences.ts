import type { Standard } from "../sentence.ts";

const general = "5.3.2.1-general.test.ts";
const codeFlow = "5.3.2.2-code-flow.test.ts";

export const standard: Standard = {
  name: "FAPI 2.0 Security Profile",
  title: "FAPI 2.0 Security Profile (Final), for clients with `profile: fapi2`",
  sentences: [
    { section: "5.2.1", sentence: "every endpoint is https", file: "unit/config/broker.test.ts" },
    {
      section: "5.2.2",
      sentence: "TLS is 1.2 or later, set up as BCP 195 says",
      file: "protocol/rfc9325/3-versions.test.ts",
    },
    {
      section: "5.2.2",
      sentence: "with TLS 1.2, the suites are those that BCP 195 recommends",
      file: "protocol/rfc9325/4-suites.test.ts",
    },
    { section: "5.2.2", sentence: "browsers cannot be led to plain http (HSTS)", file: "unit/http/front.test.ts" },
    {
      section: "5.2.3",
      sentence: "the authorization endpoint is open to no other origin's scripts (CORS)",
      file: codeFlow,
    },
    {
      section: "5.3.2.1",
      sentence: "metadata are at the well-known address",
      file: "protocol/openid-discovery/4-configuration-document.test.ts",
    },
    {
      section: "5.3.2.1",
      sentence: "the password grant is refused",
      file: "protocol/rfc6749/5.2-token-errors.test.ts",
    },
    { section: "5.3.2.1", sentence: "clients are confidential", file: "unit/config/broker.test.ts" },
    { section: "5.3.2.1", sentence: "access tokens are bound to the sender, by DPoP", file: general },
    { section: "5.3.2.1", sentence: "clients prove themselves by private_key_jwt", file: general },
    {
      section: "5.3.2.1",
      sentence: "nothing redirects to an address that somebody else chose",
      file: "hostile/s19-no-open-redirect.test.ts",
    },
    { section: "5.3.2.1", sentence: "the audience of an assertion is the issuer, as a text", file: general },
    {
      section: "5.3.2.1",
      sentence: "refresh tokens are not rotated",
      file: "protocol/rfc6749/6-repeated-refresh.test.ts",
    },
    { section: "5.3.2.1", sentence: "a code lives for 60 seconds at most", file: codeFlow },
    { section: "5.3.2.1", sentence: "a code can be bound to a DPoP key", file: codeFlow },
    {
      section: "5.3.2.1",
      sentence: "iat and nbf may be 10 seconds ahead, and no more than 60",
      file: general,
    },
    { section: "5.3.2.2", sentence: "the authorization code grant is there", file: codeFlow },
    { section: "5.3.2.2", sentence: "requests can be pushed (PAR), by clients that prove themselves", file: codeFlow },
    { section: "5.3.2.2", sentence: "requests that were not pushed are refused", file: codeFlow },
    { section: "5.3.2.2", sentence: "PKCE is demanded, with S256", file: codeFlow },
    { section: "5.3.2.2", sentence: "redirect_uri is demanded in what is pushed", file: codeFlow },
    { section: "5.3.2.2", sentence: "the answer names the issuer (iss)", file: codeFlow },
    {
      section: "5.3.2.2",
      sentence: "no answer goes over plain http but to loopback",
      file: "unit/config/broker.test.ts",
    },
    { section: "5.3.2.2", sentence: "a code that was used is refused", file: "protocol/rfc6749/4.1.2-code.test.ts" },
    { section: "5.3.2.2", sentence: "no redirect with credentials is a 307", file: codeFlow },
    { section: "5.3.2.2", sentence: "a request_uri is over in less than 600 seconds", file: codeFlow },
    {
      section: "5.3.4",
      sentence: "resource servers take tokens from the header, and none from the address",
      file: "protocol/rfc6750/2-methods.test.ts",
    },
    {
      section: "5.3.4",
      sentence: "resource servers check that the token is theirs, lives, and is bound to the sender",
      file: "protocol/rfc9449/7-protected-resources.test.ts",
    },
    { section: "5.4.1", sentence: "JWTs are signed with PS256, ES256 or EdDSA", file: general },
    { section: "5.4.1", sentence: "`none` is taken nowhere", file: "protocol/rfc8725/3.1-algorithms.test.ts" },
    {
      section: "5.4.1",
      sentence: "RSA keys have 2048 bits at least",
      notApplicable: "jose takes no shorter one",
    },
    { section: "5.4.1", sentence: "credentials have 128 bits of entropy at least", file: codeFlow },
  ],
};
