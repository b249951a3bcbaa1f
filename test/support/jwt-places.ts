import { createHmac, createPublicKey, randomUUID, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JWK } from "jose";
import { assertionType, resource, type WithClients } from "./clients.ts";
import { claimsOf, postForm } from "./device-login.ts";
import { logIn, renewable } from "./drive.ts";
import type { KeyHolder } from "./key-holder.ts";

type Part = Readonly<Record<string, unknown>>;

/** A place of the broker that takes one kind of JWT. */
export interface JwtPlace {
  readonly name: string;
  /** Header and claims of a JWT that it takes, new each time; `undefined` leaves a member out. */
  make(): { readonly header: Part; readonly claims: Part };
  /** The key that signs such JWTs. */
  readonly key: JWK;
  /** True when the place took it. */
  takes(jwt: string): Promise<boolean>;
}

/** JSON, or text that is put into a JWT as it stands. */
const encode = (part: Part | string): string =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/** A JWT signed by ES256, whatever its header says. */
export function signed(header: Part | string, claims: Part | string, key: JWK): string {
  const input = `${encode(header)}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(input), { key, format: "jwk", dsaEncoding: "ieee-p1363" } as never);
  return `${input}.${signature.toString("base64url")}`;
}

/** A JWT whose HMAC is made with these bytes as the secret. */
export function withHmac(header: Part, claims: Part, secret: string | Buffer, bits = 256): string {
  const input = `${encode({ ...header, alg: `HS${bits}` })}.${encode(claims)}`;
  return `${input}.${createHmac(`sha${bits}`, secret).update(input).digest("base64url")}`;
}

/** A JWT without signature. */
export const unsigned = (header: Part, claims: Part): string => `${encode(header)}.${encode(claims)}.`;

/** What an attacker knows of a key, in each form that a careless verifier could take for a shared secret. */
export function publicForms({ kty, crv, x, y }: JWK): readonly (string | Buffer)[] {
  const key = createPublicKey({ key: { kty, crv, x, y }, format: "jwk" } as never);
  const pem = String(key.export({ type: "spki", format: "pem" }));
  return [pem, pem.trim(), key.export({ type: "spki", format: "der" }), JSON.stringify({ kty, crv, x, y }), ""];
}

/** The broker's own signing key: the best that a forger could have. */
async function tokenKey(broker: Pick<WithClients, "folder">): Promise<JWK & { kid: string }> {
  const { keys } = JSON.parse(await readFile(join(broker.folder, "keys.json"), "utf8")) as {
    keys: { use: string; kid: string; jwk: JWK }[];
  };
  const found = keys.find((k) => k.use === "token");
  if (!found) throw new Error("no key");
  return { ...found.jwk, kid: found.kid };
}

const now = () => Math.floor(Date.now() / 1000);
const jti = () => randomUUID();

/** Every place that takes a JWT from outside: access token, ID token as a hint, client assertion, proof, logout token. */
export async function jwtPlaces(broker: WithClients, prover: KeyHolder): Promise<readonly JwtPlace[]> {
  const own = await tokenKey(broker);
  const { body } = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
  return [
    ...tokenPlaces(broker.issuer, own, body),
    assertionPlace(broker),
    proofPlace(broker, prover),
    logoutPlace(broker),
  ];
}

const tokenPlaces = (issuer: string, key: JWK & { kid: string }, body: Part): JwtPlace[] => [
  {
    name: "access token at userinfo",
    key,
    make: () => ({ header: { alg: "ES256", typ: "at+jwt", kid: key.kid }, claims: claimsOf(body["access_token"]) }),
    takes: async (jwt) => {
      const answer = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${jwt}` } });
      return answer.status === 200;
    },
  },
  {
    name: "ID token as id_token_hint",
    key,
    make: () => ({ header: { alg: "ES256", typ: "JWT", kid: key.kid }, claims: claimsOf(body["id_token"]) }),
    takes: async (jwt) => {
      const answer = await fetch(`${issuer}/end_session?${new URLSearchParams({ id_token_hint: jwt })}`);
      return answer.status === 200;
    },
  },
];

const assertionPlace = ({ issuer, key }: WithClients): JwtPlace => ({
  name: "client assertion",
  key: key.privateJwk,
  make: () => ({
    header: { alg: "ES256", kid: "k1" },
    claims: { iss: "ci", sub: "ci", aud: issuer, iat: now(), exp: now() + 60, jti: jti() },
  }),
  takes: async (client_assertion) => {
    const form = { grant_type: "client_credentials", resource: resource("gx1"), client_assertion };
    return (await postForm(`${issuer}/token`, { ...form, client_assertion_type: assertionType })).status === 200;
  },
});

const proofPlace = ({ issuer }: WithClients, prover: KeyHolder): JwtPlace => ({
  name: "DPoP proof",
  key: prover.privateJwk,
  make: () => ({
    header: { alg: "ES256", typ: "dpop+jwt", jwk: prover.publicJwk },
    claims: { htm: "POST", htu: `${issuer}/token`, iat: now(), jti: jti() },
  }),
  takes: async (dpop) => {
    const form = { client_id: "console-tool", grant_type: "refresh_token", refresh_token: "x" };
    return (await postForm(`${issuer}/token`, form, { dpop })).body["error"] === "invalid_grant";
  },
});

const event = "http://schemas.openid.net/event/backchannel-logout";
const logoutPlace = ({ issuer, idp }: WithClients): JwtPlace => ({
  name: "logout token of the realm",
  key: idp.key,
  make: () => {
    const about = { iss: idp.issuer, aud: "cloudpass", sub: "customer-a-idp/nobody" };
    const claims = { ...about, iat: now(), exp: now() + 60, jti: jti(), events: { [event]: {} } };
    return { header: { alg: "ES256", typ: "logout+jwt", kid: "embedded" }, claims };
  },
  takes: async (logout_token) => (await postForm(`${issuer}/upstream/logout`, { logout_token })).status === 200,
});
