import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 7009",
  title: "OAuth 2.0 Token Revocation",
  sentences: [
    { section: "2", sentence: "refresh tokens can be revoked, and access tokens too", file: "2.2-answer.test.ts" },
    { section: "2", sentence: "the endpoint is https: an issuer is", file: "unit/config/broker.test.ts" },
    {
      section: "2",
      sentence: "a client uses no endpoint that is not https",
      notApplicable:
        "the command leaves this to openid-client, which takes http only when it is told that the issuer is on this machine",
    },
    { section: "2", sentence: "the request is a POST with a form", file: "protocol/rfc6749/3.2-posted-forms.test.ts" },
    { section: "2.1", sentence: "token is there", file: "2.1-request.test.ts" },
    { section: "2.1", sentence: "the client authenticates as at the token endpoint", file: "2.1-request.test.ts" },
    {
      section: "2.1",
      sentence: "the token is the client's own; of another's nothing is revoked",
      file: "2.1-request.test.ts",
    },
    {
      section: "2.1",
      sentence: "a wrong token_type_hint does not keep the token from being found",
      file: "2.1-request.test.ts",
    },
    { section: "2.1", sentence: "the revocation takes effect at once", file: "2.2-answer.test.ts" },
    {
      section: "2.1",
      sentence: "with an access token the refresh token may go, too: it does not, since targets are handed the former",
      file: "hostile/s84-ends-what-it-was-given-for.test.ts",
    },
    {
      section: "2.1",
      sentence: "with a refresh token the access tokens of the same grant go, too",
      file: "2.2-answer.test.ts",
    },
    { section: "2.2", sentence: "200 for what was revoked and for a token that is none", file: "2.2-answer.test.ts" },
    { section: "2.2.1", sentence: "errors are those of the token endpoint", file: "2.1-request.test.ts" },
    {
      section: "2.2.1",
      sentence: "unsupported_token_type for what cannot be revoked",
      notApplicable: "every access and refresh token of ours can be revoked",
    },
    {
      section: "2.2.1",
      sentence: "503 while it cannot be done: the client takes the token as still good",
      file: "hostile/s31-store-fails.test.ts",
    },
    {
      section: "2.3",
      sentence: "requests from pages of other origins (CORS, JSONP)",
      notApplicable: "optional; no client of ours runs in a page",
    },
    {
      section: "5",
      sentence: "guessing is as hard as at the token endpoint",
      file: "protocol/rfc6749/10.10-guessing.test.ts",
    },
  ],
};
