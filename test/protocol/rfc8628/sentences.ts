import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8628",
  title: "OAuth 2.0 Device Authorization Grant",
  sentences: [
    {
      section: "3.1",
      sentence: "the request is a form by POST with client_id, unless the client authenticates by other means",
      file: "3.1-device-authorization-request.test.ts",
    },
    {
      section: "3.1",
      sentence: "the client authenticates as at the token endpoint",
      file: "3.1-device-authorization-request.test.ts",
    },
    {
      section: "3.1",
      sentence: "a parameter without a value counts as not sent; unknown ones are ignored",
      file: "3.1-device-authorization-request.test.ts",
    },
    { section: "3.1", sentence: "no parameter is there twice", file: "3.1-device-authorization-request.test.ts" },
    {
      section: "3.1",
      sentence: "an error is said as at the token endpoint",
      file: "3.1-device-authorization-request.test.ts",
    },
    {
      section: "3.1",
      sentence: "the endpoint is used by TLS",
      notApplicable: "TLS ends at the proxy before us; the configuration takes http on loopback alone",
    },
    {
      section: "3.2",
      sentence: "the answer is JSON with device_code, user_code, verification_uri and expires_in",
      file: "3.2-device-authorization-response.test.ts",
    },
    { section: "3.2", sentence: "the answer is cached by nobody", file: "3.2-device-authorization-response.test.ts" },
    { section: "3.2", sentence: "no code is ever given twice", file: "3.2-device-authorization-response.test.ts" },
    {
      section: "3.3",
      sentence: "the person signs in and is asked, with client and rights, and may refuse",
      file: "3.3-person.test.ts",
    },
    { section: "3.3", sentence: "a user code that is not known is told as such", file: "3.3-person.test.ts" },
    {
      section: "3.3",
      sentence: "the device does not show the person the device_code",
      file: "hostile/s14-command-keeps-secrets.test.ts",
    },
    {
      section: "3.3.1",
      sentence: "by the complete link the person still sees the code and confirms",
      file: "3.3.1-complete-link.test.ts",
    },
    { section: "3.3.1", sentence: "opening the link approves nothing", file: "3.3.1-complete-link.test.ts" },
    {
      section: "3.4",
      sentence: "grant_type and device_code are required, client_id too unless the client authenticates",
      file: "3.4-token-request.test.ts",
    },
    {
      section: "3.4",
      sentence: "a client that authenticates does so at the token endpoint too",
      file: "protocol/rfc6749/2.3-client-authentication.test.ts",
    },
    { section: "3.5", sentence: "a code is good for the client that it was given to", file: "3.5-answers.test.ts" },
    { section: "3.5", sentence: "approved, it is answered with tokens, once", file: "3.4-token-request.test.ts" },
    {
      section: "3.5",
      sentence: "authorization_pending while the person has not decided",
      file: "3.5-slow-down.test.ts",
    },
    {
      section: "3.5",
      sentence: "slow_down adds five seconds to the interval, for this and all later polls",
      file: "3.5-slow-down.test.ts",
    },
    { section: "3.5", sentence: "access_denied when the person refused", file: "3.5-answers.test.ts" },
    {
      section: "3.5",
      sentence: "error_description tells apart why it was denied (RFC 6749 section 5.2)",
      file: "3.5-why-denied.test.ts",
    },
    { section: "3.5", sentence: "expired_token when the code is over", file: "3.5-answers.test.ts" },
    {
      section: "3.5",
      sentence: "a client stops at any other error, and waits longer after a failed connection",
      notApplicable: "our command asks by the library openid-client, which does both; test/protocol/cli drives it",
    },
    {
      section: "3.5",
      sentence: "without an interval clients wait five seconds",
      notApplicable: "we always say the interval",
    },
    {
      section: "4",
      sentence: "the metadata names the endpoint and the grant",
      file: "protocol/openid-discovery/3-provider-metadata.test.ts",
    },
    {
      section: "5.1",
      sentence: "user codes cannot be guessed: tries are limited",
      file: "hostile/s13-guessing-codes.test.ts",
    },
    {
      section: "5.2",
      sentence: "device codes cannot be guessed: 256 bits",
      file: "3.2-device-authorization-response.test.ts",
    },
    {
      section: "5.4",
      sentence: "the page says what asks and from where, so that a person notices a foreign request",
      file: "hostile/s06-confirmation-page.test.ts",
    },
    { section: "6.1", sentence: "a user code is compared without case and punctuation", file: "3.3-person.test.ts" },
    {
      section: "6.1",
      sentence: "a user code is of letters that cannot be mixed up and make no words",
      file: "3.2-device-authorization-response.test.ts",
    },
  ],
};
