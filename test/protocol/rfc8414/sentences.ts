import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8414",
  title: "OAuth 2.0 Authorization Server Metadata",
  sentences: [
    { section: "2", sentence: "issuer is https without query and fragment", file: "unit/config/broker.test.ts" },
    { section: "2", sentence: "the required members are there", file: "2-members.test.ts" },
    { section: "2", sentence: "jwks_uri holds the signing keys, each with its use", file: "2-members.test.ts" },
    {
      section: "2",
      sentence: "with private_key_jwt the algorithms are named, and none is not among them",
      file: "2-members.test.ts",
    },
    { section: "2", sentence: "what is listed works", file: "2-members.test.ts" },
    { section: "2.1", sentence: "signed_metadata", notApplicable: "optional; not offered" },
    {
      section: "3",
      sentence: "the document is at the well-known path made from the issuer",
      file: "3-document.test.ts",
    },
    {
      section: "3",
      sentence: "an issuer with a path has its own well-known path",
      notApplicable:
        "an issuer below a path is not supported: the configuration refuses it (unit/config/broker.test.ts)",
    },
    { section: "3.1", sentence: "it is had by GET", file: "3-document.test.ts" },
    { section: "3.2", sentence: "the answer is 200, JSON, application/json", file: "3-document.test.ts" },
    { section: "3.2", sentence: "members without a value are left out", file: "3-document.test.ts" },
    { section: "3.3", sentence: "issuer is the one that the address was made from", file: "3-document.test.ts" },
    { section: "3.3", sentence: "a client uses no document that names another issuer", file: "3.3-client.test.ts" },
    { section: "4", sentence: "texts are compared to the letter", file: "3.3-client.test.ts" },
    { section: "5", sentence: "openid-configuration says the same", file: "3-document.test.ts" },
    {
      section: "6.1",
      sentence: "TLS, and the client verifies the certificate",
      file: "protocol/cli/private-ca.test.ts",
    },
    { section: "6.2", sentence: "nobody stands in for the issuer", file: "3.3-client.test.ts" },
    { section: "7", sentence: "registration of members", notApplicable: "we add none" },
  ],
};
