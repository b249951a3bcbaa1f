import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients, resource, type WithClients } from "../../support/clients.ts";
import { type CodeRequest, codeRequest, decideCode } from "../../support/code-login.ts";
import {
  claimsOf,
  decideInBrowser,
  embeddedVisitor,
  type JsonAnswer,
  postForm,
  startDevice,
} from "../../support/device-login.ts";
import { outcome, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { ath, type KeyHolder, keyHolder } from "../../support/key-holder.ts";

let broker: WithClients;
let [holder, thief]: KeyHolder[] = [];
const clock = heldClock();
const browser = new Browser();
beforeAll(async () => {
  broker = await bootWithClients({ clock });
  [holder, thief] = [await keyHolder("ES256", clock), await keyHolder("ES256", clock)];
});
afterAll(() => broker.stop());

const own = (): KeyHolder => holder ?? expect.fail();
const other = (): KeyHolder => thief ?? expect.fail();
const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

async function approved(form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<string> {
  const wish = { client_id: "cloudpass", scope: renewable, ...form };
  const answer = await postForm(`${broker.issuer}/device_authorization`, wish, headers);
  const link = String(answer.body["verification_uri_complete"]);
  await decideInBrowser(link, embeddedVisitor("bob@a.example"), "approve", browser);
  return String(answer.body["device_code"]);
}

const atToken = async (form: Record<string, string>, key: KeyHolder | undefined) =>
  postForm(
    `${broker.issuer}/token`,
    { client_id: "cloudpass", ...form },
    key ? { dpop: await key.proof("POST", `${broker.issuer}/token`) } : {},
  );
const redeem = (device_code: string, key: KeyHolder | undefined, client_id = "cloudpass") =>
  atToken({ grant_type: deviceGrant, client_id, device_code }, key);
const refresh = ({ body }: JsonAnswer, key: KeyHolder | undefined, more: Record<string, string> = {}) =>
  atToken({ grant_type: "refresh_token", refresh_token: String(body["refresh_token"]), ...more }, key);
const bound = async () => redeem(await approved(), own());
const get = async (path: string, headers: Record<string, string>, method = "GET") =>
  fetch(`${broker.issuer}${path}`, { method, headers });

describe("rfc9449 5: tokens of a client with a key", () => {
  test("are bound to it where we take them ourselves, and say so", async () => {
    const login = await bound();
    expect(login.body["token_type"]).toBe("DPoP");
    expect(claimsOf(login.body["access_token"])["cnf"]).toEqual({ jkt: own().jkt });
    expect(claimsOf(login.body["id_token"])["cnf"]).toBeUndefined();
  });

  test("are plain bearers for a cloud or cluster, which takes nothing else (decision 0022)", async () => {
    const answer = await refresh(await bound(), own(), { resource: resource("gx1") });
    expect(answer.body["token_type"]).toBe("Bearer");
    expect(claimsOf(answer.body["access_token"])).toMatchObject({ aud: "gx1" });
    expect(claimsOf(answer.body["access_token"])["cnf"]).toBeUndefined();
  });

  test("are refreshed with the key alone, and whoever lacks it ends nothing", async () => {
    const login = await bound();
    expect(outcome(await refresh(login, undefined))).toBe("400 invalid_grant");
    expect(outcome(await refresh(login, other()))).toBe("400 invalid_grant");
    const next = await refresh(login, own());
    expect(outcome(next)).toBe("200");
    clock.advance(60);
    expect(outcome(await refresh(login, other())), "a used one, by the thief").toBe("400 invalid_grant");
    expect(outcome(await refresh(next, own())), "the login lives").toBe("200");
  });

  test("S-26: are lost when the owner's used token comes again with the owner's key", async () => {
    const login = await bound();
    const next = await refresh(login, own());
    clock.advance(60);
    expect(outcome(await refresh(login, own()))).toBe("400 invalid_grant");
    expect(outcome(await refresh(next, own()))).toBe("400 invalid_grant");
  });

  test("of a client that must have one come with a proof only", async () => {
    const code = await approved({ client_id: "bound" });
    expect(outcome(await redeem(code, undefined, "bound"))).toBe("400 invalid_dpop_proof");
    expect(outcome(await redeem(code, own(), "bound"))).toBe("200");
  });

  test("are introspected as what they are", async () => {
    const form = { scope: "openid offline_access" };
    const dpop = await own().proof("POST", `${broker.issuer}/token`);
    const start = (await broker.asSecret("/device_authorization", "portal", form)).body;
    const visitor = embeddedVisitor("bob@a.example");
    await decideInBrowser(String(start["verification_uri_complete"]), visitor, "approve", browser);
    const poll = { grant_type: deviceGrant, device_code: String(start["device_code"]) };
    const { body } = await postForm(`${broker.issuer}/token`, poll, { ...broker.basic("portal"), dpop });
    const said = (await broker.asSecret("/introspect", "portal", { token: String(body["access_token"]) })).body;
    expect(said).toMatchObject({ active: true, token_type: "DPoP", cnf: { jkt: own().jkt } });
    // A confidential client proves itself at each refresh; its tokens may move to another key.
    const again = { grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    expect(outcome(await broker.asSecret("/token", "portal", again))).toBe("200");
  });
});

describe("S-04: a device code bound to a key", () => {
  test.each<[string, () => Promise<string>]>([
    [
      "by a proof",
      async () => approved({}, { dpop: await own().proof("POST", `${broker.issuer}/device_authorization`) }),
    ],
    ["by dpop_jkt", () => approved({ dpop_jkt: own().jkt })],
  ])("%s is redeemable with that key alone, and a thief's try does not use it up", async (_how, start) => {
    const code = await start();
    expect(outcome(await redeem(code, undefined))).toBe("400 invalid_grant");
    expect(outcome(await redeem(code, other()))).toBe("400 invalid_grant");
    expect(outcome(await redeem(code, own()))).toBe("200");
  });

  test("is refused when the two say different keys, or one is no key", async () => {
    const dpop = await own().proof("POST", `${broker.issuer}/device_authorization`);
    const ask = (dpop_jkt: string, headers: Record<string, string>) =>
      postForm(`${broker.issuer}/device_authorization`, { client_id: "cloudpass", dpop_jkt }, headers);
    expect(outcome(await ask(other().jkt, { dpop }))).toBe("400 invalid_dpop_proof");
    expect(outcome(await ask("short", {}))).toBe("400 invalid_request");
  });
});

describe("rfc9449 10: an authorization code bound to a key", () => {
  const bob = embeddedVisitor("bob@a.example");
  const trade = async (request: CodeRequest, callback: URL, key: KeyHolder | undefined) =>
    atToken(
      {
        grant_type: "authorization_code",
        code: callback.searchParams.get("code") ?? "",
        redirect_uri: request.redirectUri,
        code_verifier: request.verifier,
      },
      key,
    );

  test("by dpop_jkt is redeemable with that key alone, and binds the refresh token", async () => {
    const request = codeRequest(broker.issuer, "cloudpass", { dpop_jkt: own().jkt });
    const callback = await decideCode(request, bob, "approve", browser);
    expect(outcome(await trade(request, callback, undefined))).toBe("400 invalid_grant");
    expect(outcome(await trade(request, callback, other()))).toBe("400 invalid_grant");
    const login = await trade(request, callback, own());
    expect(login.body["token_type"]).toBe("DPoP");
    expect(outcome(await refresh(login, other()))).toBe("400 invalid_grant");
    expect(outcome(await refresh(login, own()))).toBe("200");
  });

  test("10.1: by a proof with the pushed request", async () => {
    const request = codeRequest(broker.issuer, "cloudpass");
    const dpop = await own().proof("POST", `${broker.issuer}/par`);
    const pushed = await postForm(`${broker.issuer}/par`, new URL(request.url).search.slice(1), { dpop });
    const reference = { client_id: "cloudpass", request_uri: String(pushed.body["request_uri"]) };
    const url = `${broker.issuer}/authorize?${new URLSearchParams(reference)}`;
    const callback = await decideCode({ ...request, url }, bob, "approve", browser);
    expect(outcome(await trade(request, callback, other()))).toBe("400 invalid_grant");
    expect(outcome(await trade(request, callback, own()))).toBe("200");
  });

  test("is not asked for with a malformed key, nor pushed with a proof of another one", async () => {
    const { url } = codeRequest(broker.issuer, "cloudpass", { dpop_jkt: "short" });
    expect(outcome(await postForm(`${broker.issuer}/par`, new URL(url).search.slice(1)))).toBe("400 invalid_request");
    const named = codeRequest(broker.issuer, "cloudpass", { dpop_jkt: other().jkt }).url;
    const dpop = await own().proof("POST", `${broker.issuer}/par`);
    const answer = await postForm(`${broker.issuer}/par`, new URL(named).search.slice(1), { dpop });
    expect(outcome(answer)).toBe("400 invalid_dpop_proof");
  });
});

describe("rfc9449 7: our own APIs", () => {
  test.each(["/userinfo", "/targets"])("%s takes a bound token with a proof made for it", async (path) => {
    const token = (await bound()).body["access_token"];
    expect((await get(path, await own().bearing(token, "GET", `${broker.issuer}${path}`))).status).toBe(200);
  });

  test("7.2: POST as well, with htm POST", async () => {
    const token = (await bound()).body["access_token"];
    const headers = await own().bearing(token, "POST", `${broker.issuer}/userinfo`);
    expect((await get("/userinfo", headers, "POST")).status).toBe(200);
  });

  test.each<[string, (token: unknown, url: string) => Promise<Record<string, string>>, string]>([
    ["as a plain bearer", async (t) => ({ authorization: `Bearer ${String(t)}` }), "invalid_token"],
    [
      "as a plain bearer, with a proof besides",
      async (t, url) => ({ ...(await own().bearing(t, "GET", url)), authorization: `Bearer ${String(t)}` }),
      "invalid_token",
    ],
    ["without a proof", async (t) => ({ authorization: `DPoP ${String(t)}` }), "invalid_dpop_proof"],
    ["with a thief's proof", (t, url) => other().bearing(t, "GET", url), "invalid_token"],
    [
      "with a proof for no token",
      async (t, url) => ({ authorization: `DPoP ${String(t)}`, dpop: await own().proof("GET", url) }),
      "invalid_dpop_proof",
    ],
    [
      "with a proof for another token",
      async (t, url) => ({
        authorization: `DPoP ${String(t)}`,
        dpop: await own().proof("GET", url, { ath: ath("x") }),
      }),
      "invalid_dpop_proof",
    ],
  ])("refuse a bound token %s", async (_how, headers, code) => {
    const { body } = await bound();
    const response = await get("/userinfo", await headers(body["access_token"], `${broker.issuer}/userinfo`));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: code });
    const challenge = response.headers.get("www-authenticate") ?? "";
    expect(challenge).toContain("DPoP ");
    expect(challenge).toContain('algs="ES256');
  });
});

describe("rfc9449 4.3: a proof", () => {
  /** What a refresh says; the login behind it is not touched by a refusal. */
  const url = () => `${broker.issuer}/token`;
  const knock = async (dpop: string) =>
    outcome(
      await postForm(url(), { client_id: "cloudpass", grant_type: "refresh_token", refresh_token: "x" }, { dpop }),
    );
  const make = (claims: object = {}, header: object = {}) => own().proof("POST", url(), claims, header);

  test.each<[string, () => Promise<string>]>([
    ["as it should be", () => make()],
    ["with a query and a fragment behind the address", () => make({ htu: `${url()}?a=b#c` })],
    ["with the address in capitals where that means nothing", () => make({ htu: url().replace("http", "HTTP") })],
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
    ["another key than the signer's", () => make({}, { jwk: other().publicJwk })],
    ["a private key", () => make({}, { jwk: own().privateJwk })],
    ["a shared key", () => make({}, { jwk: { kty: "oct", k: "AAAA" } })],
    ["a key that is no object", () => make({}, { jwk: "x" })],
    ["a key off its curve", () => make({}, { jwk: { ...own().publicJwk, x: "AAAA" } })],
    ["an unknown critical header", () => make({}, { crit: ["x"], x: 1 })],
    ["no jti", () => make({ jti: undefined })],
    ["a jti that is no text", () => make({ jti: 1 })],
    ["no htm", () => make({ htm: undefined })],
    ["another method", () => make({ htm: "GET" })],
    ["the method in small letters", () => make({ htm: "post" })],
    ["no htu", () => make({ htu: undefined })],
    ["another path", () => make({ htu: `${broker.issuer}/targets` })],
    ["another host", () => make({ htu: "https://evil.example/token" })],
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
        return `${b64({ typ: "dpop+jwt", alg: "none", jwk: own().publicJwk })}.${(await make()).split(".")[1]}.`;
      },
    ],
    ["a proof of five thousand characters", () => make({ filler: "x".repeat(5_000) })],
  ])("with %s is refused", async (_what, proof) => expect(await knock(await proof())).toBe("400 invalid_dpop_proof"));

  test("11.1: is good once, also for another request, as long as it could be taken", async () => {
    const proof = await make({ iat: clock.now() + 60 });
    expect(await knock(proof)).toBe("400 invalid_grant");
    expect(await knock(proof)).toBe("400 invalid_dpop_proof");
    clock.advance(179);
    expect(await knock(proof)).toBe("400 invalid_dpop_proof");
  });

  test("does not use up another key's id", async () => {
    expect(await knock(await make({ jti: "same" }))).toBe("400 invalid_grant");
    expect(await knock(await other().proof("POST", url(), { jti: "same" }))).toBe("400 invalid_grant");
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

test("rfc9449 5.1: the metadata names the algorithms", async () => {
  const metadata = (await (await fetch(`${broker.issuer}/.well-known/openid-configuration`)).json()) as object;
  expect(metadata).toMatchObject({ dpop_signing_alg_values_supported: expect.arrayContaining(["ES256"]) });
});

test("a device login without any key goes on as before", async () => {
  const start = await startDevice(broker.issuer, { client_id: "gx1", scope: "openid" });
  await decideInBrowser(start.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve", browser);
  const answer = await redeem(start.device_code, undefined, "gx1");
  expect(answer.body["token_type"]).toBe("Bearer");
});
