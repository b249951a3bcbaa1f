import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 7662",
  title: "OAuth 2.0 Token Introspection",
  sentences: [
    { section: "2", sentence: "the endpoint is https: an issuer is", file: "unit/config/broker.test.ts" },
    { section: "2.1", sentence: "the request is a POST with a form and a token", file: "2.1-request.test.ts" },
    { section: "2.1", sentence: "who asks is authorized, so that nobody can try tokens", file: "2.1-request.test.ts" },
    { section: "2.1", sentence: "the token is found whatever the hint says", file: "2.1-request.test.ts" },
    {
      section: "2.2",
      sentence: "the answer is JSON with active, and members of the types defined",
      file: "2.2-answer.test.ts",
    },
    {
      section: "2.2",
      sentence: "a token that is not good, not known or not for who asks is active: false, and no word more",
      file: "2.2-answer.test.ts",
    },
    { section: "2.3", sentence: "wrong credentials are 401", file: "2.1-request.test.ts" },
    { section: "2.3", sentence: "a token that is not good is no error", file: "2.2-answer.test.ts" },
    { section: "4", sentence: "before active: true the time is checked", file: "4-active.test.ts" },
    { section: "4", sentence: "before active: true revocation is checked", file: "4-active.test.ts" },
    { section: "4", sentence: "before active: true the signature is checked", file: "4-active.test.ts" },
    {
      section: "4",
      sentence: "before active: true it is checked that the token may be used where it was presented",
      file: "2.2-answer.test.ts",
    },
    {
      section: "4",
      sentence: "before active: true nbf is checked",
      notApplicable: "our tokens have none: they are good from the moment they are made",
    },
    {
      section: "4",
      sentence: "the token is not written into logs by its address: no GET",
      file: "2.1-request.test.ts",
    },
    { section: "4", sentence: "answers are not kept beyond the token's life: no-store", file: "2.2-answer.test.ts" },
    { section: "5", sentence: "each resource server is told of its own tokens alone", file: "2.2-answer.test.ts" },
    {
      section: "3.1",
      sentence: "response members are registered or collision-free",
      notApplicable: "the members are the token's own claims",
    },
  ],
};
