import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 9068",
  title: "JWT Profile for OAuth 2.0 Access Tokens",
  sentences: [
    { section: "2.1", sentence: "access tokens are signed, never with none", file: "2-access-token.test.ts" },
    {
      section: "2.1",
      sentence: "RS256 is among the algorithms of issuer and resource servers",
      notApplicable:
        "deliberately not: one curve and algorithm (ES256) for all tokens; every target checked takes it (docs/reference/clients.md)",
    },
    { section: "2.1", sentence: "typ is at+jwt", file: "2-access-token.test.ts" },
    {
      section: "2.2",
      sentence: "iss, exp, aud, sub, client_id, iat and jti are there",
      file: "2-access-token.test.ts",
    },
    {
      section: "2.2",
      sentence: "sub is the person, or the client where there is none; the two are never mixed up",
      file: "2-access-token.test.ts",
    },
    {
      section: "2.2.1",
      sentence: "auth_time stays as it was when the person signed in",
      file: "protocol/openid-core/11-offline-access.test.ts",
    },
    {
      section: "2.2.2",
      sentence: "claims about the person are those registered by OpenID Connect or our own",
      file: "2-access-token.test.ts",
    },
    { section: "2.2.3", sentence: "scope is there when the request had one", file: "2-access-token.test.ts" },
    {
      section: "3",
      sentence: "aud is the resource that was asked for, or a default of ours",
      file: "2-access-token.test.ts",
    },
    {
      section: "3",
      sentence: "scope and audience fit: names of groups are those of the audience alone",
      file: "2-access-token.test.ts",
    },
    {
      section: "4",
      sentence: "our own APIs check typ, issuer, audience, signature, algorithm and exp",
      file: "hostile/s24-tokens-at-endpoints.test.ts",
    },
    {
      section: "4",
      sentence: "our own APIs reject an ID token and any other kind",
      file: "hostile/s32-kinds-of-tokens.test.ts",
    },
    {
      section: "4",
      sentence: "an encrypted token is decrypted by agreed keys",
      notApplicable: "no access token is encrypted",
    },
    { section: "4", sentence: "errors are those of RFC 6750", file: "protocol/rfc6750/3-challenge.test.ts" },
    {
      section: "5",
      sentence: "the token endpoint does not let a client choose the claims that decide",
      file: "hostile/s09-fixed-at-the-start.test.ts",
    },
    {
      section: "6",
      sentence: "a token holds no more about the person than was asked for",
      file: "2-access-token.test.ts",
    },
  ],
};
