import { createHmac, createPublicKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Booted } from "./boot.ts";

type Part = Record<string, unknown>;

/** Somebody who has the broker's own signing key: the best a forger could ever have. What fails then fails for its own reason. */
export interface Forger {
  /** A real token with other header fields and claims, signed again; `undefined` takes one away. */
  changed(token: unknown, claims: object, header?: object): string;
  /** Every forgery of a real access token that an endpoint must refuse, in words. */
  forgeries(token: unknown, now: number): readonly (readonly [string, string])[];
}

const b64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Reads the key from the broker's key file. */
export async function forgerOf(broker: Pick<Booted, "folder">): Promise<Forger> {
  const file = JSON.parse(await readFile(join(broker.folder, "keys.json"), "utf8")) as {
    keys: { use: string; jwk: Record<string, string> }[];
  };
  const jwk = file.keys.find((k) => k.use === "token")?.jwk;
  if (!jwk) throw new Error("no key");
  const parts = (token: unknown): [Part, Part] => {
    const [head = "", body = ""] = String(token).split(".");
    return [
      JSON.parse(Buffer.from(head, "base64url").toString()),
      JSON.parse(Buffer.from(body, "base64url").toString()),
    ];
  };
  const changed = (token: unknown, claims: object, header: object = {}) => {
    const [head, body] = parts(token);
    const input = `${b64({ ...head, ...header })}.${b64({ ...body, ...claims })}`;
    const key = { key: jwk, format: "jwk", dsaEncoding: "ieee-p1363" } as never;
    return `${input}.${sign("sha256", Buffer.from(input), key).toString("base64url")}`;
  };
  const hs256 = (token: unknown) => {
    const { d: _, ...publicJwk } = jwk;
    const pem = createPublicKey({ key: publicJwk, format: "jwk" } as never).export({ type: "spki", format: "pem" });
    const [head, body] = parts(token);
    const input = `${b64({ ...head, alg: "HS256" })}.${b64(body)}`;
    return `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`;
  };
  return {
    changed,
    forgeries: (token, now) => [
      ["an expired token", changed(token, { exp: now })],
      ["a foreign audience", changed(token, { aud: "gx2" })],
      ["two audiences", changed(token, { aud: ["gx1", "gx2"] })],
      ["a foreign issuer", changed(token, { iss: "https://evil.example" })],
      ["alg none", changed(token, {}, { alg: "none" }).replace(/[^.]+$/, "")],
      ["HS256 with the public key", hs256(token)],
      ["typ JWT", changed(token, {}, { typ: "JWT" })],
      ["no typ", changed(token, {}, { typ: undefined })],
      ["an unknown crit", changed(token, {}, { crit: ["x"], x: 1 })],
      ["an unknown key", changed(token, {}, { kid: "guess" })],
      ["no exp", changed(token, { exp: undefined })],
      ["no iat", changed(token, { iat: undefined })],
      ["no sub", changed(token, { sub: undefined })],
      ["no aud", changed(token, { aud: undefined })],
      ["no client_id", changed(token, { client_id: undefined })],
      ["a family that is not there", changed(token, { sid: "guess" })],
      ["a key that is none", changed(token, { cnf: {} })],
    ],
  };
}
