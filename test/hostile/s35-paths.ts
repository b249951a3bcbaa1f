/**
 * Every route of the issuer and the realm, and what becomes of it for a person whose identity provider was closed:
 * `ends` = the test in `s35-closed-provider.test.ts` goes that way; otherwise why it does not matter.
 * `test/house/closed-provider.test.ts` compares the list with the routes.
 */
export const pathsOfS35: Readonly<Record<string, "ends" | string>> = {
  "GET /login": "ends",
  "POST /login": "ends",
  "GET /login/callback": "ends",
  "GET /login/failed": "the same words for everybody",
  "POST /token": "ends",
  "GET /device": "ends",
  "POST /device": "ends",
  "GET /device/confirm": "ends",
  "POST /device/confirm": "ends",
  "GET /device/done": "ends",
  "POST /device/disown": "ends",
  "GET /authorize": "ends",
  "POST /authorize": "the same function as GET /authorize",
  "GET /authorize/confirm": "ends",
  "POST /authorize/confirm": "ends",
  "GET /account": "ends",
  "POST /account/end": "ends",
  "GET /userinfo": "ends",
  "POST /userinfo": "ends",
  "GET /targets": "ends",
  "GET /rights": "the same check of the token as GET /targets",
  "GET /sessions": "the same check of the token as GET /targets",
  "POST /introspect": "ends",
  "POST /device_authorization": "nobody is known yet",
  "POST /par": "nobody is known yet",
  "POST /revoke": "takes away only",
  "GET /end_session": "takes away only",
  "POST /end_session": "takes away only",
  "POST /end_session/confirm": "takes away only",
  "POST /upstream/logout": "takes away only",
  "GET /upstream/jwks": "public keys",
  "GET /": "a redirect to /device",
};
