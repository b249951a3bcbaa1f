/** A difference from the oracle that is meant, and why. */
export interface Difference {
  /** Name of the endpoint; `*` stands for any text, here and in the mutation. */
  readonly endpoint: string;
  readonly mutation: string;
  readonly ours: string;
  readonly theirs: string;
  /** Why ours is right, or as good, with the section that says so or leaves it open. */
  readonly why: string;
}

const differs = (endpoint: string, mutation: string, ours: string, theirs: string, why: string): Difference => ({
  endpoint,
  mutation,
  ours,
  theirs,
  why,
});

const [json, page] = ["invalid_request", "page"];
const toClient = (error: string) => `303 to the client ${error}`;

const anywhere: readonly Difference[] = ["GET", "PUT", "DELETE"].flatMap((method) => {
  const why = "RFC 9110 section 15.5.6: the address is there, the method is not; `Allow` says which is";
  const answer = (word: string) => differs("*", method, `405 ${word}`, "404", why);
  return method === "GET" ? [answer(json)] : [answer(json), answer(page)];
});

const media = ["as JSON", "as text"].map((mutation) =>
  differs(
    "*",
    mutation,
    "415 invalid_request",
    "400 invalid_request",
    "RFC 9110 section 15.5.16: the same error, with the status that names what is wrong",
  ),
);

const emptySecret =
  "RFC 6749 section 2.3.1: a secret that is empty is none; oidc-agent always sends the header, keystoneauth header and body";
const failedHeader =
  "RFC 6749 section 5.2: who tried to authenticate by the header and failed, or in a way that is not supported, gets 401 and invalid_client";
const clients: readonly Difference[] = [
  differs("*", "a public client by Basic with an empty secret", "200", "400 invalid_request", emptySecret),
  differs("par", "a public client by Basic with an empty secret", "201", "400 invalid_request", emptySecret),
  differs(
    "token: device_code, pending",
    "a public client by Basic with an empty secret",
    "400 authorization_pending",
    "400 invalid_request",
    emptySecret,
  ),
  differs("*", "a Basic header that is none", "401 invalid_client", "400 invalid_request", failedHeader),
  differs("*", "a header of another scheme", "401 invalid_client", "400 invalid_request", failedHeader),
  differs(
    "token: client_credentials",
    "client_assertion *",
    "401 invalid_client",
    "400 invalid_request",
    "RFC 7523 section 3.2: an assertion that proves nothing is invalid_client",
  ),
  differs(
    "token: client_credentials",
    "an assertion for us and another",
    "401 invalid_client",
    "200",
    "RFC 7523 section 3, as the work on its successor has it: with a second audience the other one could replay it",
  ),
  differs(
    "token: client_credentials",
    "an assertion good for a year",
    "401 invalid_client",
    "200",
    "RFC 7523 section 3, item 4: an end unreasonably far away may be refused",
  ),
  differs(
    "token: client_credentials",
    "an assertion that is a proof by its type",
    "401 invalid_client",
    "200",
    "RFC 8725 section 3.11: a token made for something else is no assertion",
  ),
];

const tokens: readonly Difference[] = [
  differs(
    "token: *",
    "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
    "400 unauthorized_client",
    "400 unsupported_grant_type",
    "RFC 6749 section 5.2: the oracle has no exchange; we have, and not for this client",
  ),
  differs(
    "token: *",
    "grant_type=client_credentials",
    "400 unauthorized_client",
    "400 invalid_request",
    "RFC 6749 section 5.2: the grant is known, and not for this client",
  ),
  differs(
    "token: authorization_code",
    "redirect_uri left out",
    "400 invalid_grant",
    "200",
    "RFC 6749 section 4.1.3: required, since the authorization request had it",
  ),
  differs(
    "token: authorization_code",
    "redirect_uri empty",
    "400 invalid_grant",
    "200",
    "RFC 6749 section 3.1: without a value it was not sent; section 4.1.3: required",
  ),
  differs(
    "token: authorization_code",
    "code_verifier*",
    "400 invalid_grant",
    "400 invalid_request",
    "RFC 7636 section 4.6: a verifier that does not fit is invalid_grant, whatever its form",
  ),
  differs(
    "token: client_credentials",
    "resource left out",
    "400 invalid_target",
    "200",
    "RFC 8707 section 2: a robot's token is for one target, and there is no usual one",
  ),
  differs(
    "token: client_credentials",
    "resource empty",
    "400 invalid_target",
    "200",
    "RFC 6749 section 3.2: without a value it was not sent; then as if left out",
  ),
  differs(
    "token: client_credentials",
    "scope=*",
    "400 invalid_scope",
    "200",
    "RFC 6749 section 3.3: refused by name, not passed over in silence",
  ),
];

const scopeRefused =
  "RFC 6749 section 3.3: a scope that is not available is refused by name, not passed over in silence";
const noOpenid =
  "RFC 6749 section 3.3: a request without `openid` is plain OAuth, and without any scope has the usual ones";
const theCode = "RFC 6749 section 4.1.2.1: both refuse; ours says first which scope is not known";
const challenge = "RFC 7636 section 4.2: the S256 of a verifier has 43 characters";
const redirect = "OpenID Connect Core section 3.1.2.1: redirect_uri is required, also of a client with one address";
const jkt = "RFC 9449 section 10: a SHA-256 thumbprint has 43 characters; a code bound to less could never be redeemed";
const pushedCode =
  "RFC 9126 section 2.3: an error of RFC 6749 section 5.2; the description says which parameter is meant";
const mode = "OAuth 2.0 Multiple Response Types section 2: `query` is the only mode of our metadata";
const repeated = "RFC 6749 section 4.1.2.1: an address of two meanings is told nothing; theirs is told at one of them";
const requests: readonly Difference[] = [
  differs("device_authorization", "scope *", "400 invalid_scope", "200", scopeRefused),
  differs(
    "device_authorization",
    "a broken proof that nobody asked for",
    "400 invalid_dpop_proof",
    "200",
    "RFC 9449 section 10, carried over: a proof here binds the device code, so a broken one is no proof",
  ),
  ...["left out", "empty"].flatMap((how) => [
    differs("authorize", `redirect_uri ${how}`, "400 page", "303 inside", redirect),
    differs("par", `redirect_uri ${how}`, "400 invalid_request", "201", redirect),
    differs("authorize", `scope ${how}`, "303 inside", toClient("invalid_request"), noOpenid),
    differs("par", `scope ${how}`, "201", "400 invalid_request", noOpenid),
  ]),
  differs("authorize", "scope=profile", "303 inside", toClient("invalid_request"), noOpenid),
  differs("par", "scope=profile", "201", "400 invalid_request", noOpenid),
  differs("authorize", "scope*", toClient("invalid_scope"), "303 inside", scopeRefused),
  differs("par", "scope*", "400 invalid_scope", "201", scopeRefused),
  differs("authorize", "scope *", toClient("invalid_scope"), toClient("invalid_request"), theCode),
  differs("par", "scope *", "400 invalid_scope", "400 invalid_request", theCode),
  differs("authorize", "code_challenge with a tail", toClient("invalid_request"), "303 inside", challenge),
  differs("par", "code_challenge with a tail", "400 invalid_request", "201", challenge),
  differs("authorize", "dpop_jkt=short", toClient("invalid_request"), "303 inside", jkt),
  differs("par", "dpop_jkt=short", "400 invalid_request", "201", jkt),
  differs("authorize", "response_mode=f*", toClient("invalid_request"), "303 inside", mode),
  differs("par", "response_mode=f*", "400 invalid_request", "201", mode),
  differs(
    "authorize",
    "response_mode=web_message",
    toClient("invalid_request"),
    toClient("unsupported_response_mode"),
    `${mode}; their code is not registered`,
  ),
  differs(
    "par",
    "response_mode=web_message",
    "400 invalid_request",
    "400 unsupported_response_mode",
    `${mode}; their code is not registered`,
  ),
  differs("par", "request=x.y.z", "400 invalid_request", "400 request_not_supported", pushedCode),
  differs(
    "par",
    "request_uri=*",
    "400 invalid_request",
    "400 request_uri_not_supported",
    "RFC 9126 section 2.1: request_uri must not be pushed",
  ),
  differs("par", "registration={}", "400 invalid_request", "400 registration_not_supported", pushedCode),
  differs("par", "response_type*", "400 invalid_request", "400 unsupported_response_type", pushedCode),
  differs("authorize", "redirect_uri twice", "400 page", toClient("invalid_request"), repeated),
  differs(
    "authorize",
    "request_uri=urn:ietf:params:oauth:request_uri:gone",
    "400 page",
    toClient("invalid_request_uri"),
    "RFC 9126 section 4: the address is part of what was pushed; one beside the reference is nobody's",
  ),
];

const ownOnly =
  "RFC 7662 section 4: a client sees its own tokens, and those for targets that it stands for; of others only that they are not active";
const noLogin = "RFC 6750 section 3.1: whoever brings no token gets 401 with a challenge, and no error code";
const asksNobody =
  "RP-Initiated Logout 1.0 section 2: nobody is signed in in this browser, so nobody is asked; the address is the client's own";
const answers: readonly Difference[] = [
  differs("introspect", "another client's *", "200 active false", "200 active true", ownOnly),
  differs("userinfo", "no token", "401", "401 invalid_token", noLogin),
  differs("userinfo", "an empty token", "401", "400 invalid_request", noLogin),
  differs("userinfo", "another scheme", "401", "400 invalid_request", noLogin),
  differs(
    "userinfo",
    "DPoP for a plain token",
    "401 invalid_token",
    "400 invalid_request",
    "RFC 9449 section 7.1: 401; the token has no key to prove",
  ),
  differs(
    "userinfo",
    "a bound token without its proof",
    "401 invalid_dpop_proof",
    "400 invalid_request",
    "RFC 9449 section 7.1: 401 with the DPoP challenge",
  ),
  differs("end_session", "*", "303 to the client", "200 page", asksNobody),
  differs(
    "end_session",
    "POST",
    "303 to the client",
    "404",
    "RP-Initiated Logout 1.0 section 2: GET and POST must both be supported",
  ),
];

/** All differences from npm `oidc-provider` that a request of the comparison shows. */
export const differences: readonly Difference[] = [
  ...anywhere,
  ...media,
  ...clients,
  ...tokens,
  ...requests,
  ...answers,
];
