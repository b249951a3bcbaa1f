import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "RFC 8252",
  title: "OAuth 2.0 for Native Apps",
  sentences: [
    {
      section: "5",
      sentence: "a native program asks through an external browser, not one of its own",
      file: "hostile/s15-browser-first.test.ts",
    },
    {
      section: "6",
      sentence: "the answer comes by a redirect that the program can receive",
      file: "protocol/cli/loopback.test.ts",
    },
    {
      section: "7",
      sentence: "servers offer private-use schemes, claimed https addresses and loopback",
      file: "7-redirects.test.ts",
    },
    {
      section: "7.1",
      sentence: "a private-use scheme is a domain name in reverse: one without a dot is refused",
      file: "unit/config/broker.test.ts",
    },
    { section: "7.2", sentence: "claimed https addresses", file: "7-redirects.test.ts" },
    { section: "7.3", sentence: "any port of a loopback address is taken, IPv4 and IPv6", file: "7-redirects.test.ts" },
    { section: "8.1", sentence: "native programs use PKCE", file: "8-client.test.ts" },
    {
      section: "8.1",
      sentence: "servers require PKCE of public native programs",
      file: "protocol/rfc7636/4.3-challenge.test.ts",
    },
    { section: "8.2", sentence: "the implicit grant is not used", file: "protocol/rfc6749/4.1.2-answer.test.ts" },
    { section: "8.3", sentence: "the command listens on loopback alone, while it waits", file: "8-client.test.ts" },
    {
      section: "8.4",
      sentence: "servers record that a client is public, and judge requests by it",
      file: "protocol/rfc6749/2.3-client-authentication.test.ts",
    },
    {
      section: "8.4",
      sentence: "complete redirect addresses are registered; others are refused, but for a loopback port",
      file: "7-redirects.test.ts",
    },
    {
      section: "8.5",
      sentence: "a secret that ships with a program proves nothing: native clients have none",
      file: "protocol/rfc6749/2.3-client-authentication.test.ts",
    },
    {
      section: "8.6",
      sentence: "no authorization without the person's consent, since native programs can be imitated",
      file: "protocol/rfc6749/10.12-consent.test.ts",
    },
    {
      section: "8.8",
      sentence: "programs do not take a browser session for granted: each login is confirmed",
      file: "protocol/rfc6749/10.12-consent.test.ts",
    },
    {
      section: "8.9",
      sentence: "an answer that the program did not ask for is refused (state)",
      file: "8-client.test.ts",
    },
    {
      section: "8.10",
      sentence: "answers of several servers are told apart: by iss",
      file: "protocol/rfc9207/2.4-client.test.ts",
    },
    { section: "8.12", sentence: "no embedded browser", file: "hostile/s15-browser-first.test.ts" },
  ],
};
