import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "OpenID Connect Logout 1.0",
  title: "RP-Initiated and Back-Channel Logout",
  sentences: [
    { section: "RP-initiated 2", sentence: "the logout endpoint takes GET and POST", file: "2-logout-request.test.ts" },
    {
      section: "RP-initiated 2",
      sentence: "id_token_hint is one that we issued, checked as such; over in time it is taken",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 2",
      sentence: "client_id and the hint's audience agree",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 2",
      sentence: "the person is asked when there is no hint, or when it is of another session or person; we always ask",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 2",
      sentence: "the session ends, and with it the logins that came of it",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 2",
      sentence: "parameters that are not known are ignored",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 2.1",
      sentence: "end_session_endpoint is in the metadata",
      file: "protocol/openid-discovery/3-provider-metadata.test.ts",
    },
    {
      section: "RP-initiated 3",
      sentence: "the browser goes on only to an address that the program registered, byte for byte",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 3",
      sentence: "without hint or client_id nobody is sent on",
      file: "2-logout-request.test.ts",
    },
    { section: "RP-initiated 3", sentence: "state is passed on unchanged", file: "2-logout-request.test.ts" },
    {
      section: "RP-initiated 4",
      sentence: "an error ends nothing and sends nobody away",
      file: "2-logout-request.test.ts",
    },
    {
      section: "RP-initiated 6",
      sentence: "a link alone ends nothing: denial of service",
      file: "2-logout-request.test.ts",
    },
    {
      section: "back-channel 2.1",
      sentence: "the metadata says that back-channel logout and sid are supported",
      file: "2.4-logout-token.test.ts",
    },
    {
      section: "back-channel 2.2",
      sentence: "a client that registered an address is told, others are not",
      file: "2.4-logout-token.test.ts",
    },
    {
      section: "back-channel 2.3",
      sentence: "who was told what is remembered by the login itself",
      file: "2.4-logout-token.test.ts",
    },
    {
      section: "back-channel 2.4",
      sentence: "a logout token has iss, aud, iat, exp, jti, events and sub or sid",
      file: "2.4-logout-token.test.ts",
    },
    { section: "back-channel 2.4", sentence: "a logout token has no nonce", file: "2.4-logout-token.test.ts" },
    {
      section: "back-channel 2.4",
      sentence: "a logout token is signed as ID tokens are, never with none, with a type of its own",
      file: "2.4-logout-token.test.ts",
    },
    {
      section: "back-channel 2.5",
      sentence: "it is posted as a form to the registered address",
      file: "2.4-logout-token.test.ts",
    },
    {
      section: "back-channel 2.6",
      sentence: "as relying party: signature, alg, iss, aud and iat are checked as those of an ID token",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 2.6",
      sentence: "as relying party: sub or sid is there, events has the logout event, nonce is not there",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 2.6",
      sentence: "as relying party: a jti is taken once",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 2.6",
      sentence: "as relying party: a token that fails is 400 and ends nothing",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 2.7",
      sentence: "as relying party: sessions, and refresh tokens that came of them, end",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 2.8",
      sentence: "as relying party: the answer is 200, or 400 for an error, and no-store",
      file: "2.6-logout-token-from-the-realm.test.ts",
    },
    {
      section: "back-channel 4",
      sentence: "a logout token is not taken for an ID token, nor the other way round",
      file: "protocol/rfc8725/3.11-kinds-of-jwt.test.ts",
    },
  ],
};
