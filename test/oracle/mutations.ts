import fc from "fast-check";
import type { Endpoint } from "./endpoints.ts";
import type { Shot } from "./shot.ts";
import { basic, type World } from "./world.ts";

/** A way to make a right request another one; the same for both issuers. */
export interface Mutation {
  readonly name: string;
  readonly apply: (shot: Shot, world: World) => Shot | Promise<Shot>;
}

/** Changes the whole run; a failure says it. */
export const seed = 20_261;
let drawn = 0;
/** One value, the same in every run. */
const draw = <T>(values: fc.Arbitrary<T>): T => {
  const [value] = fc.sample(values, { seed: seed + drawn++, numRuns: 1 });
  if (value === undefined) throw new Error("nothing drawn");
  return value;
};

/** What somebody might put where it does not belong: text, markup, other alphabets, numbers, names of prototypes. */
const rubbish = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }).filter((text) => text.trim() !== "" && !text.includes("\0")),
  fc
    .string({ unit: "binary", minLength: 3, maxLength: 12 })
    .map((text) => `x${text.toWellFormed().replaceAll("\0", "")}`),
  fc.constantFrom("__proto__", "null", "-1", "1e400", "<b>", "'\"", "../../etc/passwd", "%00", "😀", "a b"),
  fc.base64String({ minLength: 20, maxLength: 60 }),
);

const replaced = (shot: Shot, field: string, value: string): Shot => ({
  ...shot,
  fields: shot.fields.map(([name, old]) => [name, name === field ? value : old] as const),
});
const added = (shot: Shot, ...more: (readonly [string, string])[]): Shot => ({
  ...shot,
  fields: [...shot.fields, ...more],
});
const without = (shot: Shot, field: string): Shot => ({
  ...shot,
  fields: shot.fields.filter(([name]) => name !== field),
});
const fieldOf = (shot: Shot, field: string): string => shot.fields.find(([name]) => name === field)?.[1] ?? "";
const headed = (shot: Shot, headers: Record<string, string>): Shot => ({
  ...shot,
  headers: { ...shot.headers, ...headers },
});
const always = (name: string, apply: Mutation["apply"]): Mutation => ({ name, apply });
/** With a value that is drawn once, so that both issuers get the same. */
const withOne = <T>(name: string, values: fc.Arbitrary<T>, apply: (shot: Shot, value: T) => Shot): Mutation => {
  const value = draw(values);
  return always(name, (shot) => apply(shot, value));
};

/** What may be wrong with one parameter. */
function ofField(field: string): Mutation[] {
  const [one, tail] = [draw(rubbish), draw(fc.stringMatching(/^[A-Za-z0-9]{1,3}$/))];
  return [
    always(`${field} left out`, (s) => without(s, field)),
    always(`${field} empty`, (s) => replaced(s, field, "")),
    always(`${field} twice`, (s) => added(s, [field, one])),
    always(`${field} rubbish`, (s) => replaced(s, field, one)),
    always(`${field} with a tail`, (s) => replaced(s, field, fieldOf(s, field) + tail)),
    always(`${field} in capitals`, (s) => replaced(s, field, fieldOf(s, field).toUpperCase())),
  ];
}

const ofAll: readonly Mutation[] = [
  always("as it should be", (s) => s),
  withOne("an unknown parameter besides", fc.stringMatching(/^x_[a-z]{3,9}$/), (s, name) => added(s, [name, "1"])),
  always("a parameter named __proto__ besides", (s) => added(s, ["__proto__", "1"])),
  always("PUT", (s) => ({ ...s, method: "PUT" })),
  always("DELETE", (s) => ({ ...s, method: "DELETE" })),
];

const json = { "content-type": "application/json" };
const ofForms: readonly Mutation[] = [
  always("GET", (s) => ({ ...s, method: "GET" })),
  always("as JSON", (s) => ({ ...headed(s, json), body: JSON.stringify(Object.fromEntries(s.fields)) })),
  always("as text", (s) => headed(s, { "content-type": "text/plain" })),
  always("with a charset", (s) => headed(s, { "content-type": "application/x-www-form-urlencoded; charset=utf-8" })),
  always("with no body", (s) => ({ ...s, fields: [] })),
];

const ofPublicClients: readonly Mutation[] = [
  always("an unknown client", (s) => replaced(s, "client_id", "nobody")),
  always("another client", (s) => replaced(s, "client_id", "other")),
  withOne("a public client with a secret", rubbish, (s, secret) => added(s, ["client_secret", secret])),
];
const ofPublicForms: readonly Mutation[] = [
  always("a client with a secret, without it", (s) => replaced(s, "client_id", "vault")),
  always("a public client by Basic with an empty secret", (s) => headed(s, { authorization: basic("", "app") })),
  always("a public client by Basic with a secret", (s) => headed(s, { authorization: basic("guess", "app") })),
  always("a Basic header that is none", (s) => headed(s, { authorization: "Basic ::::" })),
  always("a header of another scheme", (s) => headed(s, { authorization: "Negotiate YII" })),
];

const ofSecrets: readonly Mutation[] = [
  withOne("a wrong secret", rubbish, (s, secret) => headed(s, { authorization: basic(secret) })),
  always("an unknown client by Basic", (s) => headed(s, { authorization: basic("x", "nobody") })),
  always("no credentials", (s) => ({ ...s, headers: {} })),
  always("the secret in the body", (s) => ({
    ...added(s, ["client_id", "vault"], ["client_secret", "the secret of the vault, 40 characters :)"]),
    headers: {},
  })),
  always("a wrong secret in the body", (s) => ({
    ...added(s, ["client_id", "vault"], ["client_secret", "guess"]),
    headers: {},
  })),
  always("the secret in header and body", (s) =>
    added(s, ["client_secret", "the secret of the vault, 40 characters :)"]),
  ),
  always("client_id of another client in the body", (s) => added(s, ["client_id", "app"])),
  always("client_id of its own in the body", (s) => added(s, ["client_id", "vault"])),
];

type Claims = Record<string, unknown>;
const now = () => Math.floor(Date.now() / 1000);
const assertions: readonly (readonly [string, (w: World) => Claims, object?])[] = [
  ["an assertion that is over", () => ({ iat: now() - 600, exp: now() - 300 })],
  ["an assertion without exp", () => ({ exp: undefined })],
  ["an assertion without jti", () => ({ jti: undefined })],
  ["an assertion for somebody else", () => ({ aud: "https://other.example" })],
  ["an assertion for the token endpoint", (w) => ({ aud: `${w.issuer}/token` })],
  ["an assertion without aud", () => ({ aud: undefined })],
  ["an assertion for us and another", (w) => ({ aud: [w.issuer, "https://other.example"] })],
  ["an assertion of another issuer", () => ({ iss: "app" })],
  ["an assertion of another subject", () => ({ sub: "app" })],
  ["an assertion of an unknown client", () => ({ iss: "nobody", sub: "nobody" })],
  ["an assertion of next week", () => ({ nbf: now() + 604_800 })],
  ["an assertion good for a year", () => ({ exp: now() + 31_536_000 })],
  ["an assertion by an unknown key", () => ({}), { kid: "k2" }],
  ["an assertion that is a proof by its type", () => ({}), { typ: "dpop+jwt" }],
];
const ofAssertions: readonly Mutation[] = [
  ...assertions.map(([name, claims, header]) =>
    always(name, async (s, w) =>
      replaced(s, "client_assertion", await w.key.assertion("robot", w.issuer, claims(w), header)),
    ),
  ),
  always("an assertion with a broken signature", (s) =>
    replaced(s, "client_assertion", `${fieldOf(s, "client_assertion").slice(0, -8)}AAAAAAAA`),
  ),
  always("a secret besides the assertion", (s) => added(s, ["client_secret", "x"])),
];

const proofs: readonly (readonly [string, object, object?])[] = [
  ["a proof for GET", { htm: "GET" }],
  ["a proof for another address", { htu: "https://other.example/token" }],
  ["a proof of an hour ago", { iat: 1_000_000 }],
  ["a proof of next week", { iat: now() + 604_800 }],
  ["a proof without jti", { jti: undefined }],
  ["a proof without iat", { iat: undefined }],
  ["a proof of another type", {}, { typ: "jwt" }],
  ["a proof without a key", {}, { jwk: undefined }],
];
const ofProofs: readonly Mutation[] = [
  ...proofs.map(([name, claims, header]) =>
    always(name, async (s, w) => headed(s, { dpop: await w.key.proof("POST", `${w.issuer}/token`, claims, header) })),
  ),
  always("a proof that is none", (s) => headed(s, { dpop: "none" })),
  always("two proofs in one header", (s) => headed(s, { dpop: `${s.headers["dpop"]}, ${s.headers["dpop"]}` })),
];
const needsNoProof: readonly Mutation[] = [
  always("a proof that nobody asked for", async (s, w) =>
    headed(s, { dpop: await w.key.proof("POST", `${w.issuer}${s.path}`) }),
  ),
  always("a broken proof that nobody asked for", (s) => headed(s, { dpop: "x.y.z" })),
];

const ofBearers: readonly Mutation[] = [
  always("no token", (s) => ({ ...s, headers: {} })),
  always("rubbish for a token", (s) => headed(s, { authorization: "Bearer rubbish" })),
  always("an empty token", (s) => headed(s, { authorization: "Bearer" })),
  always("another scheme", (s) => headed(s, { authorization: basic() })),
  always("a refresh token", async (s, w) => headed(s, { authorization: `Bearer ${(await w.lasting("app")).refresh}` })),
  always("an ID token", async (s, w) => headed(s, { authorization: `Bearer ${(await w.lasting("app")).id}` })),
  always("DPoP for a plain token", (s) =>
    headed(s, { authorization: s.headers["authorization"]?.replace("Bearer", "DPoP") ?? "" }),
  ),
  always("the scheme in small letters", (s) =>
    headed(s, { authorization: s.headers["authorization"]?.replace("Bearer", "bearer") ?? "" }),
  ),
  always("a bound token as a plain one", async (s, w) =>
    headed(s, { authorization: `Bearer ${(await w.lasting("bound")).access}` }),
  ),
  always("a bound token with its proof", async (s, w) =>
    headed(s, await w.key.bearing((await w.lasting("bound")).access, "GET", `${w.issuer}/userinfo`)),
  ),
  always("a bound token without its proof", async (s, w) =>
    headed(s, { authorization: `DPoP ${(await w.lasting("bound")).access}` }),
  ),
  always("a bound token with a proof for POST", async (s, w) =>
    headed(s, await w.key.bearing((await w.lasting("bound")).access, "POST", `${w.issuer}/userinfo`)),
  ),
  always("POST without a body", (s) => ({ ...s, method: "POST" })),
];

const values = (field: string, ...all: string[]): Mutation[] =>
  all.map((value) =>
    always(`${field}=${value.length > 60 ? "(long)" : value}`, (s) => added(without(s, field), [field, value])),
  );

const ofAuthorization: readonly Mutation[] = [
  ...values("response_type", "token", "id_token", "code id_token", "none"),
  ...values("response_mode", "query", "fragment", "form_post", "web_message"),
  ...values("code_challenge_method", "plain"),
  ...values("prompt", "none", "login", "consent", "none login", "create"),
  ...values("max_age", "0", "100", "-1", "soon"),
  ...values("request", "x.y.z"),
  ...values("request_uri", "https://app.example/request", "urn:ietf:params:oauth:request_uri:gone"),
  ...values("registration", "{}"),
  ...values("claims", "{}"),
  ...values("id_token_hint", "x.y.z"),
  ...values("dpop_jkt", "short"),
  ...values("scope", "openid", "profile", "openid unknown"),
  ...values(
    "redirect_uri",
    "https://app.example/cb/",
    "https://app.example/cb?x=1",
    "https://app.example:8443/cb",
    "/cb",
  ),
  ...values("resource", "https://unknown.example", "urn:cloudpass:target:gx1#f", "gx1"),
];

const ofTokens: readonly Mutation[] = [
  ...values("grant_type", "password", "implicit", "urn:ietf:params:oauth:grant-type:token-exchange", "__proto__"),
  ...values("grant_type", "client_credentials"),
  ...values("scope", "openid", "unknown"),
  ...values("resource", "https://unknown.example", "gx1"),
];
const ofCodes: readonly Mutation[] = values("code_verifier", "short", `${"v".repeat(55)}w`, "v".repeat(200));
const ofWaiting: readonly Mutation[] = [
  always("of a login that was refused", async (s, w) => replaced(s, "device_code", await w.deviceCode("denied"))),
];
const ofTokenForms: readonly Mutation[] = values("token_type_hint", "refresh_token", "access_token", "unknown");
const ofTokenKinds: readonly Mutation[] = [
  always("another client's refresh token", async (s, w) => replaced(s, "token", (await w.lasting("bound")).refresh)),
  always("another client's access token", async (s, w) => replaced(s, "token", (await w.lasting("other")).access)),
];
const ofLogout: readonly Mutation[] = [
  ...values("post_logout_redirect_uri", "https://evil.example", "https://app.example/bye/"),
  ...values("client_id", "vault"),
  always("POST", (s) => ({ ...s, method: "POST" })),
  always("only a client_id", (s) => ({ ...s, fields: [["client_id", "app"]] })),
  always("nothing at all", (s) => ({ ...s, fields: [] })),
];

/** The mutations of an endpoint, given a right request to it. */
export function mutationsOf({ name, client }: Endpoint, right: Shot): Mutation[] {
  const fields = [...new Set(right.fields.map(([field]) => field))];
  const [isForm, isToken] = [right.method === "POST", name.startsWith("token:")];
  return [
    ...ofAll,
    ...fields.flatMap(ofField),
    ...(isForm ? ofForms : []),
    ...(client === "public" ? ofPublicClients : []),
    ...(client === "public" && isForm ? ofPublicForms : []),
    ...(client === "secret" ? ofSecrets : []),
    ...(client === "assertion" ? ofAssertions : []),
    ...(isToken ? ofTokens : []),
    ...(right.headers["dpop"] === undefined ? [] : ofProofs),
    ...(client === "public" && isForm ? needsNoProof : []),
    ...(name === "token: authorization_code" ? ofCodes : []),
    ...(name === "token: device_code, pending" ? ofWaiting : []),
    ...(name === "authorize" || name === "par" ? ofAuthorization : []),
    ...(name === "introspect" || name === "revoke" ? [...ofTokenForms, ...ofTokenKinds] : []),
    ...(name === "userinfo" ? ofBearers : []),
    ...(name === "end_session" ? ofLogout : []),
  ];
}
