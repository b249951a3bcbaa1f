import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 9449",
  title: "OAuth 2.0 Demonstrating Proof of Possession (DPoP)",
  sentences: [
    { section: "4.2", sentence: "typ is dpop+jwt, alg an asymmetric one and not none", file: "4.3-proof.test.ts" },
    { section: "4.2", sentence: "jwk is the public key, without private parts", file: "4.3-proof.test.ts" },
    { section: "4.2", sentence: "jti, htm, htu and iat are there", file: "4.3-proof.test.ts" },
    { section: "4.2", sentence: "with an access token ath is there", file: "7-protected-resources.test.ts" },
    {
      section: "4.2",
      sentence: "with a nonce from the server nonce is there",
      notApplicable: "we give no nonces: short life and single use stand for them",
    },
    { section: "4.3", sentence: "there is one DPoP header, and it is one JWT", file: "4.3-proof.test.ts" },
    { section: "4.3", sentence: "the signature is by the key in jwk", file: "4.3-proof.test.ts" },
    {
      section: "4.3",
      sentence: "htm is the method, htu the address without query and fragment",
      file: "4.3-proof.test.ts",
    },
    { section: "4.3", sentence: "iat is within a short time", file: "4.3-proof.test.ts" },
    { section: "4.3", sentence: "ath is the hash of the very access token", file: "7-protected-resources.test.ts" },
    {
      section: "4.3",
      sentence: "the access token is bound to the key of the proof",
      file: "7-protected-resources.test.ts",
    },
    {
      section: "5",
      sentence: "the proof of a token request is checked; a wrong one is invalid_dpop_proof",
      file: "4.3-proof.test.ts",
    },
    { section: "5", sentence: "token_type is DPoP for a bound token", file: "5-token-request.test.ts" },
    {
      section: "5",
      sentence: "a refresh token of a public client is bound to the key, and its owner proves it at each refresh",
      file: "5-token-request.test.ts",
    },
    {
      section: "5",
      sentence: "a refresh token of a confidential client is not bound to the key",
      file: "5-token-request.test.ts",
    },
    {
      section: "5.1",
      sentence: "the metadata lists the algorithms, none and symmetric ones not among them",
      file: "protocol/openid-discovery/3-provider-metadata.test.ts",
    },
    {
      section: "5.2",
      sentence: "a client registered for bound tokens gets no others",
      file: "5-token-request.test.ts",
    },
    { section: "6.1", sentence: "a bound JWT has cnf with the thumbprint jkt", file: "5-token-request.test.ts" },
    { section: "6.2", sentence: "introspection says cnf and token_type DPoP", file: "5-token-request.test.ts" },
    {
      section: "7.1",
      sentence: "a bound token comes by the DPoP scheme with a proof; both are checked",
      file: "7-protected-resources.test.ts",
    },
    {
      section: "7.1",
      sentence: "a refusal is 401 with a DPoP challenge that lists the algorithms",
      file: "7-protected-resources.test.ts",
    },
    {
      section: "7.1",
      sentence: "a token that is bound to no key is not taken by the DPoP scheme",
      file: "protocol/openid-core/5.3-userinfo.test.ts",
    },
    { section: "7.2", sentence: "a bound token is not taken as a bearer", file: "7-protected-resources.test.ts" },
    {
      section: "8",
      sentence: "a nonce of the server is used, renewed and asked for by use_dpop_nonce",
      notApplicable: "no nonces are given",
    },
    { section: "9", sentence: "a nonce of the resource server is used likewise", notApplicable: "no nonces are given" },
    { section: "10", sentence: "a code with dpop_jkt is redeemed with that key alone", file: "10-bound-codes.test.ts" },
    {
      section: "10.1",
      sentence: "a pushed request may bind by its proof; dpop_jkt besides must agree",
      file: "10-bound-codes.test.ts",
    },
    { section: "11.1", sentence: "a proof is good once in its time, for all addresses", file: "4.3-proof.test.ts" },
    { section: "11.6", sentence: "only asymmetric algorithms that are sound are taken", file: "4.3-proof.test.ts" },
  ],
};
