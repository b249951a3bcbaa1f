import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 9126",
  title: "OAuth 2.0 Pushed Authorization Requests",
  sentences: [
    { section: "2", sentence: "the endpoint takes POST with a form, and TLS", file: "2-pushed-request.test.ts" },
    { section: "2", sentence: "the client authenticates as at the token endpoint", file: "2-pushed-request.test.ts" },
    {
      section: "2",
      sentence: "an assertion may name the issuer, the token endpoint or this endpoint as audience",
      file: "2-pushed-request.test.ts",
    },
    {
      section: "2.1",
      sentence: "the request has the parameters of an authorization request, and no request_uri",
      file: "2-pushed-request.test.ts",
    },
    {
      section: "2.1",
      sentence:
        "the request is authenticated, refused with request_uri, and validated as at the authorization endpoint",
      file: "2-pushed-request.test.ts",
    },
    { section: "2.2", sentence: "the answer is 201 with request_uri and expires_in", file: "2-pushed-request.test.ts" },
    {
      section: "2.2",
      sentence: "request_uri cannot be guessed: random, by a sound generator",
      file: "2-pushed-request.test.ts",
    },
    {
      section: "2.2",
      sentence: "request_uri is bound to the client that pushed it",
      file: "4-pushed-reference.test.ts",
    },
    { section: "2.2", sentence: "request_uri lives for a short time", file: "4-pushed-reference.test.ts" },
    {
      section: "2.3",
      sentence: "an error has the form of the token endpoint's, with 405 and 413 where they fit",
      file: "2-pushed-request.test.ts",
    },
    {
      section: "2.4",
      sentence: "redirect addresses that were not registered may be allowed to clients that prove themselves",
      notApplicable: "not offered: addresses are registered",
    },
    {
      section: "3",
      sentence: "a request object may be pushed and then holds all parameters",
      notApplicable: "request objects are not taken: invalid_request",
    },
    {
      section: "4",
      sentence: "the authorization endpoint takes client_id and request_uri, and the pushed parameters alone",
      file: "4-pushed-reference.test.ts",
    },
    {
      section: "4",
      sentence: "clients use a request_uri once; after its decision it is refused, and loading the page again is none",
      file: "4-pushed-reference.test.ts",
    },
    {
      section: "4",
      sentence: "a request_uri that is over is refused as not valid",
      file: "4-pushed-reference.test.ts",
    },
    {
      section: "4",
      sentence: "what was pushed is checked again when it is used",
      notApplicable: "what was checked is kept as it is, and no client changes while a broker runs",
    },
    {
      section: "5",
      sentence: "the metadata names the endpoint",
      file: "protocol/openid-discovery/3-provider-metadata.test.ts",
    },
    {
      section: "5",
      sentence: "a server that requires pushed requests (of the clients that say so) refuses others",
      file: "protocol/openid-fapi2/5.3.2.2-code-flow.test.ts",
    },
    { section: "7.1", sentence: "request_uri cannot be swapped or guessed", file: "4-pushed-reference.test.ts" },
  ],
};
