import type { Standard } from "../sentence.ts";

export const standard: Standard = {
  name: "OpenID Connect Core 1.0",
  title: "incorporating errata set 2",
  sentences: [
    { section: "2", sentence: "an ID token has iss, sub, aud, exp and iat", file: "2-id-token.test.ts" },
    { section: "2", sentence: "sub is at most 255 characters of ASCII", file: "2-id-token.test.ts" },
    { section: "2", sentence: "aud holds the client_id", file: "2-id-token.test.ts" },
    { section: "2", sentence: "auth_time is there when max_age was asked for", file: "3.1.2.1-prompt.test.ts" },
    {
      section: "2",
      sentence: "nonce is there exactly when the request had one, unchanged",
      file: "2-id-token.test.ts",
    },
    { section: "2", sentence: "ID tokens are signed; none is not used", file: "2-id-token.test.ts" },
    { section: "2", sentence: "ID tokens do not use jku, x5u, jwk or x5c in the header", file: "2-id-token.test.ts" },
    {
      section: "3.1.2.1",
      sentence: "the authorization endpoint takes GET and POST",
      file: "3.1.2.1-authentication-request.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "without the scope openid it is no OpenID request: no ID token",
      file: "2-id-token.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "redirect_uri is one of the registered ones, as a string",
      file: "protocol/rfc6749/3.1.2-redirect-uri.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "prompt=none shows no page; with another value it is an error",
      file: "3.1.2.1-prompt.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "prompt=login asks to sign in anew, or is an error",
      file: "3.1.2.1-prompt.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "prompt=consent asks for consent before it answers",
      file: "3.1.2.4-consent.test.ts",
    },
    { section: "3.1.2.1", sentence: "max_age: a sign-in that is older is done anew", file: "3.1.2.1-prompt.test.ts" },
    {
      section: "3.1.2.1",
      sentence: "with id_token_hint another person than the named one gets an error",
      file: "3.1.2.1-id-token-hint.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "display, ui_locales, acr_values and login_hint cause no error",
      file: "3.1.2.1-authentication-request.test.ts",
    },
    {
      section: "3.1.2.1",
      sentence: "as relying party we ask with scope, response_type, client_id and redirect_uri",
      file: "3.1.2.1-request-to-the-realm.test.ts",
    },
    {
      section: "3.1.2.2",
      sentence: "the request is validated; parameters that are not known are ignored",
      file: "3.1.2.1-authentication-request.test.ts",
    },
    {
      section: "3.1.2.2",
      sentence: "no ID token or access token for another person than sub asks for",
      file: "3.1.2.1-id-token-hint.test.ts",
    },
    {
      section: "3.1.2.3",
      sentence: "the person signs in when nobody is, or when prompt=login",
      file: "3.1.2.1-prompt.test.ts",
    },
    {
      section: "3.1.2.3",
      sentence: "without a session and with prompt=none: an error, no page",
      file: "3.1.2.1-prompt.test.ts",
    },
    { section: "3.1.2.3", sentence: "the sign-in withstands CSRF and clickjacking", file: "hostile/s21-pages.test.ts" },
    {
      section: "3.1.2.4",
      sentence: "the person consents before anything is told to the client",
      file: "hostile/s05-approval-needs-a-click.test.ts",
    },
    {
      section: "3.1.2.5",
      sentence: "the answer goes to redirect_uri, with state",
      file: "protocol/rfc6749/4.1.2-answer.test.ts",
    },
    {
      section: "3.1.2.6",
      sentence: "errors have the registered codes, at redirect_uri, unless that is not valid",
      file: "6-request-objects.test.ts",
    },
    {
      section: "3.1.2.7",
      sentence: "as relying party we check the answer of the realm",
      file: "hostile/s17-callback.test.ts",
    },
    {
      section: "3.1.3.2",
      sentence: "a code is redeemed by its client, once, with its redirect_uri",
      file: "protocol/rfc6749/4.1.3-redemption.test.ts",
    },
    {
      section: "3.1.3.3",
      sentence: "token answers have token_type Bearer (or DPoP), an ID token and no-store",
      file: "protocol/rfc6749/5.1-token-answer.test.ts",
    },
    {
      section: "3.1.3.7",
      sentence: "as relying party we check iss, aud, azp, signature, alg, exp, nonce of the ID token",
      file: "hostile/s33-realm-tokens.test.ts",
    },
    { section: "3.2", sentence: "the implicit flow", notApplicable: "not offered: response_types_supported is code" },
    { section: "3.3", sentence: "the hybrid flow", notApplicable: "not offered: response_types_supported is code" },
    {
      section: "4",
      sentence: "a login started by a third party has iss, and leads to no address of its own",
      notApplicable: "we have no such endpoint; sign-in pages take references alone (hostile/s19)",
    },
    {
      section: "5.1",
      sentence: "claims have their registered meaning; email_verified is a boolean",
      file: "5.3-userinfo.test.ts",
    },
    { section: "5.3", sentence: "userinfo takes GET and POST, with a bearer token", file: "5.3-userinfo.test.ts" },
    { section: "5.3.2", sentence: "sub is always there, and is the sub of the ID token", file: "5.3-userinfo.test.ts" },
    {
      section: "5.3.2",
      sentence: "the answer is application/json when it is not signed",
      file: "5.3-userinfo.test.ts",
    },
    { section: "5.3.3", sentence: "errors of userinfo are those of RFC 6750", file: "5.3-userinfo.test.ts" },
    {
      section: "5.3.2",
      sentence: "as relying party we check that userinfo is of the same sub",
      file: "hostile/s33-realm-tokens.test.ts",
    },
    { section: "5.4", sentence: "scope decides which claims are told", file: "hostile/s85-scope-decides.test.ts" },
    {
      section: "5.5",
      sentence: "claims that are asked for by the claims parameter",
      notApplicable: "optional and not offered: the parameter is ignored",
    },
    {
      section: "5.6.2",
      sentence: "distributed claims are not taken for the claims themselves",
      file: "unit/relying-party/recheck.test.ts",
    },
    {
      section: "6.1",
      sentence: "request is refused with request_not_supported when it is not offered",
      file: "6-request-objects.test.ts",
    },
    {
      section: "6.2",
      sentence: "request_uri is refused with request_uri_not_supported, and never fetched",
      file: "6-request-objects.test.ts",
    },
    {
      section: "7.2.1",
      sentence: "registration is refused with registration_not_supported",
      file: "6-request-objects.test.ts",
    },
    { section: "8", sentence: "a subject is the same at every client (public)", file: "2-id-token.test.ts" },
    {
      section: "9",
      sentence: "clients authenticate by the registered methods; an assertion is good once",
      file: "protocol/rfc7523/3-assertion.test.ts",
    },
    {
      section: "10.1",
      sentence: "the keys are published, named, and rotate with an overlap",
      file: "hostile/s67-keys.test.ts",
    },
    { section: "10.2", sentence: "encryption", notApplicable: "optional and not offered" },
    {
      section: "11",
      sentence: "offline_access needs the person's consent each time, and code as response type",
      file: "11-offline-access.test.ts",
    },
    { section: "11", sentence: "no refresh token without offline_access", file: "11-offline-access.test.ts" },
    {
      section: "12.2",
      sentence: "the ID token of a refresh keeps iss, sub, aud and auth_time, has an iat of its own and no nonce",
      file: "11-offline-access.test.ts",
    },
    {
      section: "13.1",
      sentence: "parameters go as query or form",
      file: "protocol/rfc6749/3.1-authorization-endpoint.test.ts",
    },
    {
      section: "15.1",
      sentence: "RS256 signs ID tokens",
      notApplicable:
        "deliberately not: ES256 alone; needed only where clients register by themselves, and every real client takes ES256 (docs/reference/clients.md)",
    },
    {
      section: "15.1",
      sentence: "prompt, display, ui_locales, acr_values, claims_locales and max_age cause no failure",
      file: "3.1.2.1-authentication-request.test.ts",
    },
    { section: "16.11", sentence: "tokens are told by their kind", file: "protocol/rfc8725/3.11-kinds-of-jwt.test.ts" },
  ],
};
