import { createHmac } from "node:crypto";
import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const [own, other] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
const broker = shared(() => bootWithClients({ clock }));

describe("4.3: a proof", () => {
  /** What a refresh says; the login behind it is not touched by a refusal. */
  const url = () => `${broker.issuer}/token`;
  const knock = async (dpop: string) =>
    outcome(
      await postForm(url(), { client_id: "console-tool", grant_type: "refresh_token", refresh_token: "x" }, { dpop }),
    );
  const make = (claims: object = {}, header: object = {}) => own.proof("POST", url(), claims, header);

  const elsewhere = () => ({ kid: "guess", jku: `${broker.issuer}/jwks`, x5u: "https://evil.example/x5u" });
  /** A proof signed with a shared secret that its own header shows. */
  const shared = (proof: string): string => {
    const k = Buffer.from("secret".repeat(8));
    const head = { typ: "dpop+jwt", alg: "HS256", jwk: { kty: "oct", k: k.toString("base64url") } };
    const input = `${Buffer.from(JSON.stringify(head)).toString("base64url")}.${proof.split(".")[1]}`;
    return `${input}.${createHmac("sha256", k).update(input).digest("base64url")}`;
  };

  test.each<[string, () => Promise<string>]>([
    ["as it should be", () => make()],
    ["with a query and a fragment behind the address", () => make({ htu: `${url()}?a=b#c` })],
    ["with the address in capitals where that means nothing", () => make({ htu: url().replace("http", "HTTP") })],
    ["with a way round in the path", () => make({ htu: `${broker.issuer}/x/../token` })],
    ["with a name of the key and addresses of others besides, which nobody follows", () => make({}, elsewhere())],
    ["with claims that mean nothing here", () => make({ iss: "x", sub: "y", aud: "z", ath: "w" })],
    ["of a clock one minute ahead", () => make({ iat: clock.now() + 60 })],
    ["of a clock one minute behind", () => make({ iat: clock.now() - 60 })],
    ["with RS256", async () => (await keyHolder("RS256", clock)).proof("POST", url())],
    ["with EdDSA", async () => (await keyHolder("EdDSA", clock)).proof("POST", url())],
  ])("%s is taken", async (_what, proof) => expect(await knock(await proof())).toBe("400 invalid_grant"));

  test.each<[string, () => Promise<string>]>([
    ["two proofs", async () => `${await make()}, ${await make()}`],
    ["no JWT", async () => "x"],
    ["an empty header", async () => " "],
    ["no typ", () => make({}, { typ: undefined })],
    ["another typ", () => make({}, { typ: "JWT" })],
    ["no key", () => make({}, { jwk: undefined })],
    ["another key than the signer's", () => make({}, { jwk: other.publicJwk })],
    ["a private key", () => make({}, { jwk: own.privateJwk })],
    ["a shared key", () => make({}, { jwk: { kty: "oct", k: "AAAA" } })],
    ["a private key without its main number", () => make({}, { jwk: { ...own.publicJwk, dp: "AAAA" } })],
    ["a shared key that really signed", async () => shared(await make())],
    ["a key that is no object", () => make({}, { jwk: "x" })],
    ["a key off its curve", () => make({}, { jwk: { ...own.publicJwk, x: "AAAA" } })],
    ["an unknown critical header", () => make({}, { crit: ["x"], x: 1 })],
    ["no jti", () => make({ jti: undefined })],
    ["a jti that is no text", () => make({ jti: 1 })],
    ["no htm", () => make({ htm: undefined })],
    ["another method", () => make({ htm: "GET" })],
    ["the method in small letters", () => make({ htm: "post" })],
    ["no htu", () => make({ htu: undefined })],
    ["another path", () => make({ htu: `${broker.issuer}/targets` })],
    ["another host", () => make({ htu: "https://evil.example/token" })],
    ["a path in other letters", () => make({ htu: `${broker.issuer}/TOKEN` })],
    ["a slash behind the path", () => make({ htu: `${url()}/` })],
    ["a user before the host", () => make({ htu: url().replace("http://", "http://x@") })],
    ["another port", () => make({ htu: "http://127.0.0.1:1/token" })],
    ["another scheme", () => make({ htu: url().replace("http:", "https:") })],
    ["an htu that is a list", () => make({ htu: [url()] })],
    ["no address at all", () => make({ htu: "/token" })],
    ["no iat", () => make({ iat: undefined })],
    ["an iat as text", () => make({ iat: String(clock.now()) })],
    ["an iat of five minutes ago", () => make({ iat: clock.now() - 300 })],
    ["an iat in five minutes", () => make({ iat: clock.now() + 300 })],
    ["a proof that says itself that it is over", () => make({ exp: clock.now() - 100 })],
    ["a changed signature", async () => `${(await make()).slice(0, -8)}AAAAAAAA`],
    [
      "none as algorithm",
      async () => {
        const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
        return `${b64({ typ: "dpop+jwt", alg: "none", jwk: own.publicJwk })}.${(await make()).split(".")[1]}.`;
      },
    ],
    ["a proof of five thousand characters", () => make({ filler: "x".repeat(5_000) })],
  ])("with %s is refused", async (_what, proof) => expect(await knock(await proof())).toBe("400 invalid_dpop_proof"));

  test("is one: two headers are refused though each of them is right", async () => {
    const twice = async (proofs: string[]) =>
      new Promise<number | undefined>((resolve, reject) => {
        const type = "application/x-www-form-urlencoded";
        const sent = request(url(), { method: "POST", headers: { "content-type": type, dpop: proofs } }, (answer) =>
          resolve(answer.resume().statusCode),
        );
        sent.on("error", reject);
        sent.end("client_id=gx1&grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=x");
      });
    const same = await make();
    for (const proofs of [
      [await make(), await make()],
      [same, same],
    ])
      expect(await twice(proofs)).toBe(400);
    expect(await knock(same), "and used up nothing").toBe("400 invalid_grant");
  });

  test("11.1: is good once, also for another request, as long as it could be taken", async () => {
    const proof = await make({ iat: clock.now() + 60 });
    expect(await knock(proof)).toBe("400 invalid_grant");
    expect(await knock(proof)).toBe("400 invalid_dpop_proof");
    clock.advance(179);
    expect(await knock(proof)).toBe("400 invalid_dpop_proof");
  });

  test("does not use up another key's id", async () => {
    expect(await knock(await make({ jti: "same" }))).toBe("400 invalid_grant");
    expect(await knock(await other.proof("POST", url(), { jti: "same" }))).toBe("400 invalid_grant");
  });

  test("of a client that failed to prove itself uses nothing up", async () => {
    const dpop = await make();
    const form = { grant_type: "refresh_token", refresh_token: "x" };
    expect(outcome(await postForm(url(), form, { ...broker.basic("portal", "wrong"), dpop }))).toBe(
      "401 invalid_client",
    );
    expect(outcome(await postForm(url(), form, { ...broker.basic("portal"), dpop }))).toBe("400 invalid_grant");
  });
});
