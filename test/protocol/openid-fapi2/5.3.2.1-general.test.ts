import { describe, expect, test } from "vitest";
import { claimsOf } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { bootFapi, type Proving } from "../../support/fapi.ts";
import { heldClock } from "../../support/held-clock.ts";
import { keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootFapi({ clock }));

/** What the endpoints that a client proves itself at say to an assertion. */
async function everywhere(proving: Proving): Promise<string[]> {
  const token = { token: "x" };
  const answers = [
    await broker.push(broker.request({}, proving.client), proving),
    await broker.post("/revoke", token, proving),
    await broker.post("/introspect", token, proving),
    await broker.post("/token", { grant_type: "refresh_token", refresh_token: "x" }, proving, {
      dpop: await broker.holder.proof("POST", `${broker.issuer}/token`),
    }),
  ];
  return answers.map(outcome);
}

const proven = ["201", "200", "200", "400 invalid_grant"];
const refused = Array.from({ length: 4 }, () => "401 invalid_client");

describe("5.3.2.1: a client assertion", () => {
  test("for the issuer, as a text, proves the client", async () => {
    expect(await everywhere({})).toEqual(proven);
  });

  test.each<[string, (issuer: string) => unknown]>([
    ["the token endpoint", (issuer) => `${issuer}/token`],
    ["the endpoint of pushed requests", (issuer) => `${issuer}/par`],
    ["a list of the issuer alone", (issuer) => [issuer]],
    ["a list of the issuer and the token endpoint", (issuer) => [issuer, `${issuer}/token`]],
    ["the issuer with a slash", (issuer) => `${issuer}/`],
  ])("with %s as audience proves nobody", async (_what, aud) => {
    expect(await everywhere({ claims: { aud: aud(broker.issuer) } })).toEqual(refused);
  });

  test.each(["/token", "/par"])("RFC 9126 2: of a client without the profile may name %s", async (path) => {
    for (const aud of [`${broker.issuer}${path}`, [`${broker.issuer}${path}`]]) {
      expect(await everywhere({ client: "usual", claims: { aud } })).toEqual([
        ...proven.slice(0, 3),
        "400 invalid_grant",
      ]);
    }
  });

  test("of a clock that is 10 s ahead proves the client, of one that is more than a minute ahead it does not", async () => {
    const ahead = (by: number) => ({ claims: { iat: clock.now() + by, nbf: clock.now() + by } });
    expect(await everywhere(ahead(10))).toEqual(proven);
    expect(await everywhere(ahead(61))).toEqual(refused);
  });

  test("of another client proves nobody", async () => {
    expect(await everywhere({ key: broker.other })).toEqual(refused);
  });
});

describe("5.3.2.1: a token", () => {
  test("is bound to a key (DPoP), whatever its audience", async () => {
    for (const resource of [undefined, "urn:cloudpass:target:gx1"]) {
      const request = broker.request({ resource });
      const callback = await broker.decide(request);
      const { body } = await broker.redeem(request, callback, broker.holder);
      expect(body["token_type"]).toBe("DPoP");
      expect(claimsOf(body["access_token"])["cnf"]).toEqual({ jkt: broker.holder.jkt });
      const renewed = await broker.post(
        "/token",
        { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]), ...(resource && { resource }) },
        {},
        { dpop: await broker.holder.proof("POST", `${broker.issuer}/token`) },
      );
      expect([renewed.status, renewed.body["token_type"]]).toEqual([200, "DPoP"]);
    }
  });

  test("is not given without a proof, and the code is still good with one", async () => {
    const request = broker.request();
    const callback = await broker.decide(request);
    expect(outcome(await broker.redeem(request, callback))).toBe("400 invalid_dpop_proof");
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("200");
  });

  test("is not renewed without a proof", async () => {
    const request = broker.request();
    const { body } = await broker.redeem(request, await broker.decide(request), broker.holder);
    const form = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    expect(outcome(await broker.post("/token", form))).toBe("400 invalid_dpop_proof");
  });
});

describe("5.4.1: a signature", () => {
  test("of a client assertion is PS256, ES256 or EdDSA", async () => {
    expect(await everywhere({ key: broker.rsa.PS256, header: { kid: "r1" } })).toEqual(proven);
    expect(await everywhere({ key: broker.rsa.RS256, header: { kid: "r1" } })).toEqual(refused);
    expect(await everywhere({ key: broker.rsa.RS256, header: { kid: undefined } })).toEqual(refused);
  });

  test("of a client without the profile may be RS256", async () => {
    const usual = { client: "usual", key: broker.rsa.RS256, header: { kid: "r1" } };
    expect((await everywhere(usual)).slice(0, 3)).toEqual(proven.slice(0, 3));
  });

  test("of a proof of a key is none of RS256, at the token endpoint and when a request is pushed", async () => {
    const rs256 = await keyHolder("RS256", clock);
    const request = broker.request();
    const pushed = await broker.push(request, {}, { dpop: await rs256.proof("POST", `${broker.issuer}/par`) });
    expect(outcome(pushed)).toBe("400 invalid_dpop_proof");
    const callback = await broker.decide(request);
    expect(outcome(await broker.redeem(request, callback, rs256))).toBe("400 invalid_dpop_proof");
    for (const alg of ["PS256", "EdDSA"]) {
      const good = await keyHolder(alg, clock);
      const again = broker.request();
      expect(outcome(await broker.redeem(again, await broker.decide(again), good)), alg).toBe("200");
    }
  });

  test("of a proof at our own APIs is none of RS256 either, though the key could", async () => {
    const request = broker.request();
    const { body } = await broker.redeem(request, await broker.decide(request), broker.rsa.PS256);
    const url = `${broker.issuer}/userinfo`;
    const by = async (alg: "PS256" | "RS256") =>
      (await fetch(url, { headers: await broker.rsa[alg].bearing(body["access_token"], "GET", url) })).status;
    expect([await by("PS256"), await by("RS256")]).toEqual([200, 401]);
  });
});
