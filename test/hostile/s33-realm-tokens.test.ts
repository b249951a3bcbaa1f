import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { Fault, systemClock } from "../../src/core/index.ts";
import { startScriptedRealm } from "../support/scripted-realm.ts";
import { shared } from "../support/shared.ts";

let idToken = "";
const [own, stranger] = [await generateKeyPair("RS256"), await generateKeyPair("RS256")];
const keys = [{ ...(await exportJWK(own.publicKey)), kid: "k", alg: "RS256", use: "sig" }];

/** A realm that answers with the ID token that the test wants. */
const upstream = shared(() =>
  startScriptedRealm((path) => {
    const bodies: Record<string, object> = {
      "/token": { access_token: "a", token_type: "Bearer", id_token: idToken },
      "/userinfo": { sub: "s1" },
      "/jwks": { keys },
    };
    return path in bodies ? { status: 200, body: bodies[path] } : undefined;
  }),
);

const now = systemClock.now();

/** Signs what a realm could say; `undefined` takes a claim away. */
function make(claims: object = {}, key = own.privateKey, header: object = {}): Promise<string> {
  const usual = { iss: upstream.issuer, sub: "s1", aud: "cloudpass", iat: now, exp: now + 300, nonce: "n" };
  const payload = JSON.parse(JSON.stringify({ ...usual, ...claims })) as JWTPayload;
  return new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "k", ...header }).sign(key);
}

async function redeem(token: string): Promise<string> {
  idToken = token;
  const callback = new URL("https://login.example/login/callback?code=c&state=s");
  try {
    const answer = await upstream.realm.redeem(callback, { state: "s", nonce: "n", verifier: "v".repeat(43) });
    return answer.ok ? "taken" : "refused";
  } catch (error) {
    if (error instanceof Fault) return "refused";
    throw error;
  }
}

const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("S-33: an ID token of the realm", () => {
  test.each<[string, () => Promise<string>]>([
    ["as it should be", () => make()],
    ["for several audiences, with us as azp", () => make({ aud: ["cloudpass", "other"], azp: "cloudpass" })],
    ["that ended a moment ago, by another clock", () => make({ exp: now - 20 })],
  ])("%s is taken", async (_what, token) => expect(await redeem(await token())).toBe("taken"));

  test.each<[string, () => Promise<string> | string]>([
    ["without exp", () => make({ exp: undefined })],
    ["without iat", () => make({ iat: undefined })],
    ["without sub", () => make({ sub: undefined })],
    ["without aud", () => make({ aud: undefined })],
    ["without iss", () => make({ iss: undefined })],
    ["without nonce", () => make({ nonce: undefined })],
    ["with an empty sub", () => make({ sub: "" })],
    ["with a sub that is no text", () => make({ sub: 7 })],
    ["with exp as text", () => make({ exp: String(now + 300) })],
    ["for another client", () => make({ aud: "other" })],
    ["for several audiences, without azp", () => make({ aud: ["cloudpass", "other"] })],
    ["for several audiences, with another azp", () => make({ aud: ["cloudpass", "other"], azp: "other" })],
    ["for us, but with another azp", () => make({ azp: "other" })],
    ["of another issuer", () => make({ iss: "https://evil.example" })],
    ["of the issuer with a slash more", () => make({ iss: `${upstream.issuer}/` })],
    ["of another subject than userinfo's", () => make({ sub: "s2" })],
    ["with another nonce", () => make({ nonce: "other" })],
    ["that is over by more than a minute", () => make({ exp: now - 70 })],
    ["that is not valid for more than a minute", () => make({ nbf: now + 70 })],
    ["signed by a stranger", () => make({}, stranger.privateKey)],
    ["signed by a stranger under no name", () => make({}, stranger.privateKey, { kid: undefined })],
    ["with alg none", async () => `${b64({ alg: "none" })}.${(await make()).split(".")[1]}.`],
    ["with HS256", async () => `${b64({ alg: "HS256", kid: "k" })}.${(await make()).split(".")[1]}.AAAA`],
    ["that is not a JWT", () => "x"],
    ["that is not there", () => ""],
  ])("%s is refused", async (_what, token) => expect(await redeem(await token())).toBe("refused"));
});
