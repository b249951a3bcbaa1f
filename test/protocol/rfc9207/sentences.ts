import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 9207",
  title: "OAuth 2.0 Authorization Server Issuer Identification",
  sentences: [
    {
      section: "2",
      sentence: "an answer with a code carries iss, the issuer of the metadata",
      file: "2-iss-in-the-response.test.ts",
    },
    { section: "2", sentence: "an answer with an error carries iss", file: "2-iss-in-the-response.test.ts" },
    {
      section: "2.1",
      sentence: "with a JWT-secured answer iss is in the JWT",
      notApplicable: "JARM is not offered: response_mode is query",
    },
    {
      section: "2.3",
      sentence: "issuers are told apart: one issuer, one metadata document",
      file: "protocol/rfc8414/3-document.test.ts",
    },
    {
      section: "2.4",
      sentence: "a client compares iss with the issuer that it asked, to the letter",
      file: "2.4-client.test.ts",
    },
    {
      section: "2.4",
      sentence: "a client refuses an answer with another iss, and one without it when the metadata promises it",
      file: "2.4-client.test.ts",
    },
    {
      section: "3",
      sentence: "the metadata says authorization_response_iss_parameter_supported",
      file: "2-iss-in-the-response.test.ts",
    },
  ],
};
