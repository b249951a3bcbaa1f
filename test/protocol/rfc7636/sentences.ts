import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 7636",
  title: "Proof Key for Code Exchange by OAuth Public Clients",
  sentences: [
    { section: "4.1", sentence: "a verifier is 43 to 128 unreserved characters", file: "4.6-verification.test.ts" },
    {
      section: "4.1",
      sentence: "a verifier of a client is unguessable and new each time",
      file: "protocol/rfc8252/8-client.test.ts",
    },
    { section: "4.2", sentence: "a client that can uses S256", file: "protocol/rfc8252/8-client.test.ts" },
    { section: "4.2", sentence: "servers know S256", file: "4.6-verification.test.ts" },
    {
      section: "4.3",
      sentence: "code_challenge is there; without method it means plain",
      file: "4.3-challenge.test.ts",
    },
    {
      section: "4.4",
      sentence: "the server keeps the challenge with the code and gives it to nobody",
      file: "4.3-challenge.test.ts",
    },
    {
      section: "4.4.1",
      sentence: "a request without the challenge that is required is invalid_request",
      file: "4.3-challenge.test.ts",
    },
    { section: "4.4.1", sentence: "a method that is not supported is invalid_request", file: "4.3-challenge.test.ts" },
    { section: "4.5", sentence: "the verifier is sent to the token endpoint", file: "4.6-verification.test.ts" },
    {
      section: "4.6",
      sentence: "without the right verifier: invalid_grant, and no token",
      file: "4.6-verification.test.ts",
    },
    {
      section: "4.6",
      sentence: "the same for a device code with a challenge",
      file: "hostile/s04-thief-without-verifier.test.ts",
    },
    {
      section: "5",
      sentence: "servers go on serving clients without PKCE",
      file: "5-clients-without.test.ts",
    },
    { section: "6.2", sentence: "challenge methods are registered", notApplicable: "we add none" },
    { section: "7.2", sentence: "no way down from S256 to plain: plain is not offered", file: "4.3-challenge.test.ts" },
  ],
};
