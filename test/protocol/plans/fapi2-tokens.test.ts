import { describe, expect, test } from "vitest";
import { outcome } from "../../support/drive.ts";
import { bootFapi } from "../../support/fapi.ts";
import { heldClock } from "../../support/held-clock.ts";
import { ath, type KeyHolder, keyHolder } from "../../support/key-holder.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const broker = shared(() => bootFapi({ clock }));

/** A code that waits to be traded. */
async function authorized(more: Record<string, string> = {}) {
  const request = broker.request(more);
  return { request, callback: await broker.decide(request) };
}
/** The tokens of a whole flow. */
async function tokens(): Promise<Record<string, unknown>> {
  const { request, callback } = await authorized();
  return (await broker.redeem(request, callback, broker.holder)).body;
}
const userinfo = () => `${broker.issuer}/userinfo`;
const ask = async (headers: Record<string, string>, query = "") =>
  (await fetch(`${userinfo()}${query}`, { headers })).status;

describe("the token endpoint", () => {
  test("attempt-reuse-authorization-code-after-one-second: is invalid_grant, and the tokens of the first time go", async () => {
    const { request, callback } = await authorized();
    const { body } = await broker.redeem(request, callback, broker.holder);
    clock.advance(1);
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("400 invalid_grant");
    expect(await ask(await broker.holder.bearing(body["access_token"], "GET", userinfo()))).toBe(401);
  });

  test("ensure-token-endpoint-fails-with-expired-auth-code: after a minute it is invalid_grant", async () => {
    const { request, callback } = await authorized();
    clock.advance(60);
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("400 invalid_grant");
  });

  test.each([
    ["ensure-pkce-code-verifier-required:", ""],
    ["incorrect-pkce-code-verifier-rejected:", "x".repeat(43)],
  ])("%s is invalid_grant", async (_module, code_verifier) => {
    const { request, callback } = await authorized();
    const answer = await broker.redeem(request, callback, broker.holder, {}, { code_verifier });
    expect(outcome(answer)).toBe("400 invalid_grant");
  });

  test("ensure-holder-of-key-required: without a proof there is no token", async () => {
    const { request, callback } = await authorized();
    expect(outcome(await broker.redeem(request, callback))).toBe("400 invalid_dpop_proof");
  });

  test("refresh-token: renews with a proof, for its own client, again with the same token", async () => {
    const { refresh_token } = await tokens();
    const renew = async (proving = {}) =>
      broker.post(
        "/token",
        { grant_type: "refresh_token", refresh_token: String(refresh_token), scope: "openid profile" },
        proving,
        { dpop: await broker.holder.proof("POST", `${broker.issuer}/token`) },
      );
    const [first, second] = [await renew(), await renew()];
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body["token_type"]).toBe("DPoP");
    expect(outcome(await renew({ client: "second", key: broker.other }))).toBe("400 invalid_grant");
  });
});

describe("a code is bound to a key", () => {
  const push = async (key: KeyHolder, more: Record<string, string> = {}) =>
    broker.push(broker.request(more), {}, { dpop: await key.proof("POST", `${broker.issuer}/par`) });

  test("ensure-dpop-auth-code-binding-success: named by dpop_jkt", async () => {
    const { request, callback } = await authorized({ dpop_jkt: broker.holder.jkt });
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("200");
  });

  test("ensure-dpopproof-at-par-endpoint-binding-success: proved where it was pushed", async () => {
    expect(outcome(await push(broker.holder))).toBe("201");
    expect(outcome(await push(broker.holder, { dpop_jkt: broker.holder.jkt }))).toBe("201");
  });

  test("ensure-mismatched-dpop-jkt-fails: named and proved are one key", async () => {
    expect(outcome(await push(broker.holder, { dpop_jkt: broker.other.jkt }))).toBe("400 invalid_dpop_proof");
  });

  test("ensure-token-endpoint-fails-with-mismatched-dpop-jkt: no other key redeems it", async () => {
    const { request, callback } = await authorized({ dpop_jkt: broker.other.jkt });
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("400 invalid_grant");
  });

  test("ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt: nor one that was not proved when it was pushed", async () => {
    const request = broker.request();
    const callback = await broker.decide(request, {}, "approve", {
      dpop: await broker.other.proof("POST", `${broker.issuer}/par`),
    });
    expect(outcome(await broker.redeem(request, callback, broker.holder))).toBe("400 invalid_grant");
    expect(outcome(await broker.redeem(request, callback, broker.other))).toBe("200");
  });
});

describe("a proof of a key", () => {
  test.each([
    ["ensure-dpopproof-with-iat-10seconds-after-succeeds:", 10],
    ["ensure-dpopproof-with-iat-10seconds-before-succeeds:", -10],
  ])("%s is good everywhere", async (_module, by) => {
    const { access_token } = await tokens();
    const iat = clock.now() + by;
    const dpop = await broker.holder.proof("GET", userinfo(), { ath: ath(access_token), iat });
    expect(await ask({ authorization: `DPoP ${String(access_token)}`, dpop })).toBe(200);
    const par = await broker.holder.proof("POST", `${broker.issuer}/par`, { iat });
    expect(outcome(await broker.push(broker.request(), {}, { dpop: par }))).toBe("201");
    const form = { grant_type: "refresh_token", refresh_token: "x" };
    const token = await broker.holder.proof("POST", `${broker.issuer}/token`, { iat });
    expect(outcome(await broker.post("/token", form, {}, { dpop: token }))).toBe("400 invalid_grant");
  });

  test("check-dpop-proof-nbf-exp: may have nbf and exp", async () => {
    const { access_token } = await tokens();
    const claims = { ath: ath(access_token), nbf: clock.now(), exp: clock.now() + 60 };
    const dpop = await broker.holder.proof("GET", userinfo(), claims);
    expect(await ask({ authorization: `DPoP ${String(access_token)}`, dpop })).toBe(200);
  });

  test("access-token-type-header-case-sensitivity: the scheme may be written in any letters", async () => {
    const { access_token } = await tokens();
    for (const scheme of ["dpop", "DPOP", "dPoP"]) {
      const { dpop = "" } = await broker.holder.bearing(access_token, "GET", userinfo());
      expect(await ask({ authorization: `${scheme} ${String(access_token)}`, dpop }), scheme).toBe(200);
    }
  });
});

describe("dpop-negative-tests: a resource", () => {
  type Bend = readonly [claims: object, header?: object];
  const send = async ([claims, header = {}]: Bend, key = broker.holder, query = ""): Promise<number> => {
    const { access_token } = await tokens();
    const dpop = await key.proof("GET", userinfo(), { ath: ath(access_token), ...claims }, header);
    return ask({ authorization: `DPoP ${String(access_token)}`, dpop }, query);
  };

  test.each<[string, () => Bend]>([
    ["as it should be", () => [{}]],
    ["with a query and fragment in htu", () => [{ htu: `${userinfo()}?a=b#c` }]],
    ["with htu in capitals where letters do not matter", () => [{ htu: userinfo().replace("http:", "HTTP:") }]],
    ["with claims and headers of others", () => [{ example: 1 }, { example: 1 }]],
  ])("takes a proof %s", async (_what, bend) => expect(await send(bend())).toBe(200));

  test("takes a proof whose htu leaves out the query", async () =>
    expect(await send([{}], broker.holder, "?a=b")).toBe(200));

  test.each<[string, () => Bend]>([
    ["without typ", () => [{}, { typ: undefined }]],
    ["of another typ", () => [{}, { typ: "jwt" }]],
    ["without jwk", () => [{}, { jwk: undefined }]],
    ["with a private key in it", () => [{}, { jwk: broker.holder.privateJwk }]],
    ["without jti", () => [{ jti: undefined }]],
    ["without htm", () => [{ htm: undefined }]],
    ["without htu", () => [{ htu: undefined }]],
    ["without iat", () => [{ iat: undefined }]],
    ["without ath", () => [{ ath: undefined }]],
    ["for another method", () => [{ htm: "PUT" }]],
    ["for another address", () => [{ htu: `${broker.issuer}/token` }]],
    ["for another token", () => [{ ath: ath("x") }]],
    ["of an hour ago", () => [{ iat: clock.now() - 3_600 }]],
    ["of an hour to come", () => [{ iat: clock.now() + 3_600 }]],
  ])("refuses a proof %s", async (_what, bend) => expect(await send(bend())).toBe(401));

  test("refuses a proof by another key, one that is not a JWT, two, none, and one that was used", async () => {
    expect(await send([{}], await keyHolder("ES256", clock))).toBe(401);
    const { access_token } = await tokens();
    const { authorization = "", dpop = "" } = await broker.holder.bearing(access_token, "GET", userinfo());
    const unsigned = dpop
      .replace(/[^.]+$/, "")
      .replace(/^[^.]+/, Buffer.from('{"alg":"none","typ":"dpop+jwt"}').toString("base64url"));
    for (const odd of ["x", unsigned, `${dpop}, ${dpop}`, `${dpop.slice(0, -8)}AAAAAAAA`]) {
      expect(await ask({ authorization, dpop: odd })).toBe(401);
    }
    expect(await ask({ authorization })).toBe(401);
    expect(await ask({ authorization: authorization.replace("DPoP", "Bearer") })).toBe(401);
    expect([await ask({ authorization, dpop }), await ask({ authorization, dpop })]).toEqual([200, 401]);
  });
});
