import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 6750",
  title: "The OAuth 2.0 Authorization Framework: Bearer Token Usage",
  sentences: [
    {
      section: "2",
      sentence: "a client uses one method to send the token in a request: other places add nothing",
      file: "2-methods.test.ts",
    },
    {
      section: "2.1",
      sentence: "resource servers take the token from the Authorization header",
      file: "2-methods.test.ts",
    },
    {
      section: "2.2",
      sentence: "the token in a form: only under its conditions, never with GET",
      file: "2-methods.test.ts",
    },
    {
      section: "2.3",
      sentence: "the token in the address",
      notApplicable: "not offered, since addresses are logged: a token there is not looked at (2-methods.test.ts)",
    },
    {
      section: "3",
      sentence: "a request without a good token is answered with WWW-Authenticate: Bearer and an attribute",
      file: "3-challenge.test.ts",
    },
    {
      section: "3",
      sentence: "realm, scope, error and error_description stand at most once, in the characters allowed",
      file: "3-challenge.test.ts",
    },
    {
      section: "3.1",
      sentence: "who brought no token at all is told of no error code and nothing else of an error",
      file: "3-challenge.test.ts",
    },
    { section: "3.1", sentence: "invalid_request is 400: a parameter is repeated", file: "2-methods.test.ts" },
    { section: "3.1", sentence: "invalid_token is 401: expired, revoked, malformed", file: "3-challenge.test.ts" },
    { section: "3.1", sentence: "insufficient_scope is 403", file: "3-challenge.test.ts" },
    {
      section: "4",
      sentence: "the answer with a token is kept by nobody",
      file: "protocol/rfc6749/5.1-token-answer.test.ts",
    },
    {
      section: "5.2",
      sentence: "the token's integrity is protected: signed, and the signature verified",
      file: "hostile/s24-tokens-at-endpoints.test.ts",
    },
    { section: "5.2", sentence: "a token names the resource servers it is for", file: "3-challenge.test.ts" },
    {
      section: "5.2",
      sentence: "a token for one resource server is refused by another",
      file: "hostile/s24-userinfo-introspection-exchange.test.ts",
    },
    {
      section: "5.2",
      sentence: "TLS protects tokens on the way: an issuer is https",
      file: "unit/config/broker.test.ts",
    },
    { section: "5.2", sentence: "the client verifies the certificate chain", file: "protocol/cli/private-ca.test.ts" },
    {
      section: "5.2",
      sentence: "tokens are not kept in cookies, and none is taken from one",
      file: "2-methods.test.ts",
    },
    { section: "5.3", sentence: "no token gets into a log or an address", file: "3-challenge.test.ts" },
    { section: "5.3", sentence: "a token lives an hour at most", file: "3-challenge.test.ts" },
    {
      section: "5.3",
      sentence: "TLS between proxy and server",
      notApplicable: "for who runs the broker behind a proxy: docs/how-to",
    },
  ],
};
