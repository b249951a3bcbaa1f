import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8707",
  title: "Resource Indicators for OAuth 2.0",
  sentences: [
    { section: "2", sentence: "resource is an absolute URI", file: "2.1-authorization-request.test.ts" },
    { section: "2", sentence: "resource has no fragment", file: "2.1-authorization-request.test.ts" },
    {
      section: "2",
      sentence: "a resource that is malformed, unknown or not allowed is invalid_target",
      file: "2.1-authorization-request.test.ts",
    },
    {
      section: "2",
      sentence: "several resources may be named; as we give one audience a token, they are invalid_target",
      file: "2.2-access-token-request.test.ts",
    },
    {
      section: "2.1",
      sentence: "an authorization request names the resource; the error goes to the client by redirection",
      file: "2.1-authorization-request.test.ts",
    },
    {
      section: "2.2",
      sentence: "a token request gets a token for no other resource than the authorization named",
      file: "2.1-authorization-request.test.ts",
    },
    {
      section: "2.2",
      sentence: "a refresh names the resource of its access token, within what the login reaches",
      file: "2.2-access-token-request.test.ts",
    },
    {
      section: "3",
      sentence: "an access token names its audience, so that one target cannot use it at another",
      file: "hostile/s32-kinds-of-tokens.test.ts",
    },
    {
      section: "3",
      sentence: "the client uses the resource exactly as it asks for it",
      notApplicable: "our command builds it from the target name: test/unit/cli",
    },
  ],
};
