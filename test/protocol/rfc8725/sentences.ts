import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8725",
  title: "JSON Web Token Best Current Practices (BCP 225)",
  sentences: [
    {
      section: "3.1",
      sentence: "each place takes its own algorithms only, whatever the header says",
      file: "3.1-algorithms.test.ts",
    },
    {
      section: "3.1",
      sentence: "each key is used with one algorithm, checked at each use",
      file: "3.1-algorithms.test.ts",
    },
    { section: "3.2", sentence: "none is taken nowhere", file: "3.1-algorithms.test.ts" },
    {
      section: "3.2",
      sentence: "only algorithms that are sound today are taken; symmetric ones never",
      file: "3.1-algorithms.test.ts",
    },
    {
      section: "3.3",
      sentence: "every signature is checked, and a JWT whose check fails is rejected whole",
      file: "3.1-algorithms.test.ts",
    },
    { section: "3.3", sentence: "of nested JWTs every layer is checked", notApplicable: "no place takes a nested JWT" },
    {
      section: "3.4",
      sentence: "inputs of cryptography are validated: a public key lies on its curve",
      file: "protocol/rfc9449/4.3-proof.test.ts",
    },
    {
      section: "3.4",
      sentence:
        "RFC 7519 section 4 and RFC 7515 section 4: of a member that is there twice the last one counts, or it is rejected",
      file: "3.1-algorithms.test.ts",
    },
    {
      section: "3.5",
      sentence: "keys have enough entropy, passwords are no keys",
      notApplicable: "our keys are P-256 pairs that we make ourselves; no token is signed with a password",
    },
    {
      section: "3.6",
      sentence: "data is not compressed before it is encrypted",
      notApplicable: "no JWE is made or taken",
    },
    { section: "3.7", sentence: "JSON is in UTF-8 and an object", file: "3.1-algorithms.test.ts" },
    {
      section: "3.8",
      sentence: "the issuer is checked, and that the key is the issuer's",
      file: "3.11-kinds-of-jwt.test.ts",
    },
    { section: "3.8", sentence: "the subject is checked where it says who asks", file: "3.11-kinds-of-jwt.test.ts" },
    {
      section: "3.9",
      sentence: "the audience is there and is us, or the JWT is rejected",
      file: "3.11-kinds-of-jwt.test.ts",
    },
    {
      section: "3.10",
      sentence: "kid is a name alone: not a path, not a question to a database",
      file: "3.10-keys-from-outside.test.ts",
    },
    {
      section: "3.10",
      sentence: "jku, x5u, jwk and x5c of a header are not trusted, and no address in them is asked",
      file: "3.10-keys-from-outside.test.ts",
    },
    {
      section: "3.11",
      sentence: "JWTs of each kind have a type of their own, which is checked",
      file: "3.11-kinds-of-jwt.test.ts",
    },
    {
      section: "3.12",
      sentence: "rules for the kinds exclude one another: no JWT passes at two places",
      file: "3.11-kinds-of-jwt.test.ts",
    },
    {
      section: "3.12",
      sentence: "RFC 7515 section 4.1.11: critical extensions that are not understood are refused",
      file: "3.1-algorithms.test.ts",
    },
  ],
};
