import { createHmac, createPublicKey, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { type JsonAnswer, postForm } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { heldClock } from "../support/held-clock.ts";
import { shared } from "../support/shared.ts";

const clock = heldClock();
let login: JsonAnswer;
let key: { kid: string; jwk: Record<string, string> };
const broker = shared(() => boot({ clock }));
beforeAll(async () => {
  login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
  const file = JSON.parse(await readFile(join(broker.folder, "keys.json"), "utf8")) as {
    keys: { use: string; kid: string; jwk: Record<string, string> }[];
  };
  const [token] = file.keys.filter((k) => k.use === "token");
  if (!token) throw new Error("no key");
  key = token;
});

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const parts = (token: unknown) =>
  String(token)
    .split(".")
    .slice(0, 2)
    .map((p) => JSON.parse(Buffer.from(p, "base64url").toString()) as Record<string, unknown>);

/** The real access token with changes, signed again by the real key: what a forger with the key's help could make. */
function changed(header: object, claims: object): string {
  const [head, body] = parts(login.body["access_token"]);
  const input = `${b64({ ...head, ...header })}.${b64({ ...body, ...claims })}`;
  return `${input}.${sign("sha256", Buffer.from(input), { key: key.jwk, format: "jwk", dsaEncoding: "ieee-p1363" } as never).toString("base64url")}`;
}

function hs256(): string {
  const { d: _, ...publicJwk } = key.jwk;
  const pem = createPublicKey({ key: publicJwk, format: "jwk" } as never).export({ type: "spki", format: "pem" });
  const [head, body] = parts(login.body["access_token"]);
  const input = `${b64({ ...head, alg: "HS256" })}.${b64({ ...body })}`;
  return `${input}.${createHmac("sha256", pem).update(input).digest("base64url")}`;
}

const targets = (token: string, scheme = "Bearer") =>
  fetch(`${broker.issuer}/targets`, { headers: { authorization: `${scheme} ${token}` } });
const unsigned = () =>
  `${String(changed({ alg: "none" }, {}))
    .split(".")
    .slice(0, 2)
    .join(".")}.`;

const forgeries: [string, () => string][] = [
  ["an expired token", () => changed({}, { exp: clock.now() })],
  ["a foreign audience", () => changed({}, { aud: "gx1" })],
  ["two audiences", () => changed({}, { aud: [broker.issuer, "gx1"] })],
  ["a foreign issuer", () => changed({}, { iss: "https://evil.example" })],
  ["alg none", unsigned],
  ["HS256 with the public key", hs256],
  ["typ JWT", () => changed({ typ: "JWT" }, {})],
  ["an unknown crit", () => changed({ crit: ["x"], x: 1 }, {})],
  ["no exp", () => changed({}, { exp: undefined })],
  ["no iat", () => changed({}, { iat: undefined })],
  ["no sub", () => changed({}, { sub: undefined })],
  ["no sid", () => changed({}, { sid: undefined })],
  ["a family that is not there", () => changed({}, { sid: "guess" })],
  ["the ID token", () => String(login.body["id_token"])],
  ["the refresh token", () => String(login.body["refresh_token"])],
];

describe("S-24, S-32: the targets endpoint", () => {
  test("takes the real token, and the same token signed again: the forgeries below fail for their own reason", async () => {
    expect([
      (await targets(String(login.body["access_token"]))).status,
      (await targets(changed({}, {}))).status,
    ]).toEqual([200, 200]);
  });

  test.each(forgeries)("refuses %s with a bearer challenge", async (_what, token) => {
    const response = await targets(token());
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer error="invalid_token"/);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test.each(["Basic", "DPoP", "", "Bearer x"])("refuses the scheme %j", async (scheme) => {
    expect((await targets(String(login.body["access_token"]), scheme)).status).toBe(401);
  });
});

describe("S-24: the revocation endpoint", () => {
  const harmless = forgeries.filter(([what]) => !/audience|family|refresh token/.test(what));
  test.each(harmless)("is not made to end a login by %s", async (_what, token) => {
    expect((await postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: token() })).status).toBe(200);
    expect((await targets(String(login.body["access_token"]))).status).toBe(200);
  });
});

test("S-24: an access token is over at its very second, and its refresh token still works", async () => {
  clock.advance(599);
  expect((await targets(String(login.body["access_token"]))).status).toBe(200);
  clock.advance(1);
  expect((await targets(String(login.body["access_token"]))).status).toBe(401);
  expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("200");
});
