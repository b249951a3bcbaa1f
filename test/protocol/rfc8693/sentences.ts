import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8693",
  title: "OAuth 2.0 Token Exchange",
  sentences: [
    {
      section: "2.1",
      sentence: "grant_type, subject_token and subject_token_type are required",
      file: "2.1-request.test.ts",
    },
    { section: "2.1", sentence: "resource is an absolute URI without fragment", file: "2.1-request.test.ts" },
    { section: "2.1", sentence: "audience names the target by a name that both know", file: "2.1-request.test.ts" },
    {
      section: "2.1",
      sentence: "requested_token_type is one that we issue, or the request is refused",
      file: "2.1-request.test.ts",
    },
    {
      section: "2.1",
      sentence: "actor_token_type is there exactly when actor_token is; we take neither",
      file: "2.1-request.test.ts",
    },
    {
      section: "2.1",
      sentence: "the subject token is validated as its type wants, with its signature and its time",
      file: "hostile/s24-userinfo-introspection-exchange.test.ts",
    },
    { section: "2.1", sentence: "who may exchange is decided for the client", file: "2.1-request.test.ts" },
    {
      section: "2.2.1",
      sentence: "the answer has access_token, issued_token_type and token_type",
      file: "2.2.1-answer.test.ts",
    },
    { section: "2.2.1", sentence: "expires_in tells the life", file: "2.2.1-answer.test.ts" },
    {
      section: "2.2.1",
      sentence: "scope is said when it differs from the asked one; we always say it",
      file: "2.2.1-answer.test.ts",
    },
    { section: "2.2.1", sentence: "the answer is cached by nobody", file: "2.2.1-answer.test.ts" },
    {
      section: "2.2.2",
      sentence: "a request that is not valid, or a subject token that is not acceptable, is invalid_request",
      file: "2.1-request.test.ts",
    },
    {
      section: "2.2.2",
      sentence: "a target that is not known or not allowed is invalid_target",
      file: "2.1-request.test.ts",
    },
    {
      section: "3",
      sentence: "an identifier of a token type is a URI of the registered ones",
      file: "2.2.1-answer.test.ts",
    },
    {
      section: "4.1",
      sentence: "act names the actor in the end; earlier ones are nested and give no power",
      file: "2.2.1-answer.test.ts",
    },
    {
      section: "4.1",
      sentence: "claims of act are about the actor alone, not about the token",
      file: "2.2.1-answer.test.ts",
    },
    { section: "4.3", sentence: "client_id says which client asked", file: "2.2.1-answer.test.ts" },
    { section: "4.4", sentence: "may_act, if there, names who may become the actor", file: "2.2.1-answer.test.ts" },
    {
      section: "5",
      sentence: "an exchange gives no more rights, scope or time than the subject token had",
      file: "5-no-more-than-before.test.ts",
    },
    { section: "5", sentence: "what is derived ends when the login is revoked", file: "5-no-more-than-before.test.ts" },
    {
      section: "6",
      sentence: "tokens with personal data go by TLS and not to those whom they do not concern",
      notApplicable: "TLS ends at the proxy; audiences are one target each",
    },
  ],
};
