import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";
import { listen, stopServer } from "../../support/loopback.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";

/** What a client heard at its address. */
interface Heard {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
}

let broker: Booted;
let listener: Server;
const heard: Heard[] = [];
const browser = new Browser();
beforeAll(async () => {
  listener = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += String(part);
    });
    request.on("end", () => {
      heard.push({ method: request.method ?? "", headers: request.headers, form: new URLSearchParams(body) });
      response.end();
    });
  });
  const address = `http://${await listen(listener)}/logout?tenant=a`;
  broker = await boot({
    yaml: `clients: [{id: dashboard, name: Dashboard, backchannelLogoutUri: "${address}"}, {id: deaf, name: Deaf}]\n`,
  });
});
afterAll(async () => {
  await broker.stop();
  await stopServer(listener);
});

/** A login that its client ends; answers its tokens and what the client heard of it. */
async function ended(client_id = "dashboard") {
  const { body } = await logIn(broker.issuer, { client_id, scope: "openid offline_access" }, { browser });
  await postForm(`${broker.issuer}/revoke`, { client_id, token: String(body["refresh_token"]) });
  const sid = claimsOf(body["access_token"])["sid"];
  const notice = () => heard.find(({ form }) => claimsOf(form.get("logout_token"))["sid"] === sid);
  return { body, notice };
}
async function told() {
  const { body, notice } = await ended();
  await expect.poll(() => notice()?.form.has("logout_token"), { interval: 5 }).toBe(true);
  const found = notice() ?? expect.fail();
  return { body, found, token: String(found.form.get("logout_token")) };
}

describe("back-channel logout: what our clients are told", () => {
  test("2.4: the token has every claim that is required, the login's sub and sid, and no nonce", async () => {
    const { body, token } = await told();
    const { sub, sid } = claimsOf(body["id_token"]);
    const claims = claimsOf(token);
    expect(claims).toEqual({
      iss: broker.issuer,
      aud: "dashboard",
      sub,
      sid,
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{20,}$/),
      events: { [event]: {} },
    });
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBeLessThanOrEqual(120);
  });

  test("2.4: it is signed by a published key, by the algorithm of ID tokens, under a type of its own", async () => {
    const keys = createRemoteJWKSet(new URL(`${broker.issuer}/jwks`));
    const options = { issuer: broker.issuer, audience: "dashboard", typ: "logout+jwt", algorithms: ["ES256"] };
    const { protectedHeader } = await jwtVerify((await told()).token, keys, options);
    expect(protectedHeader).toEqual({ alg: "ES256", typ: "logout+jwt", kid: keys.jwks()?.keys[0]?.kid });
  });

  test("2.4: no two tokens have one jti", async () => {
    const [a, b] = [claimsOf((await told()).token), claimsOf((await told()).token)];
    expect(a["jti"]).not.toBe(b["jti"]);
  });

  test("2.5: it is posted as a form with the token alone, to the very address that was registered", async () => {
    const { found } = await told();
    expect(found.method).toBe("POST");
    expect(found.headers["content-type"]).toMatch(/^application\/x-www-form-urlencoded/);
    expect([...found.form.keys()]).toEqual(["logout_token"]);
  });

  test("2.4: it opens nothing here: neither as access token nor as ID token", async () => {
    const { token } = await told();
    const headers = { authorization: `Bearer ${token}` };
    expect((await fetch(`${broker.issuer}/userinfo`, { headers })).status).toBe(401);
    const hint = new URLSearchParams({ id_token_hint: token });
    expect((await fetch(`${broker.issuer}/end_session?${hint}`)).status).toBe(400);
  });

  test("2.2: a client that registered no address is told nothing, and its login ends all the same", async () => {
    const before = heard.length;
    const { body, notice } = await ended("deaf");
    const form = { client_id: "deaf", grant_type: "refresh_token", refresh_token: String(body["refresh_token"]) };
    expect((await postForm(`${broker.issuer}/token`, form)).body["error"]).toBe("invalid_grant");
    expect(notice()).toBeUndefined();
    expect(heard.length).toBe(before);
  });

  test("2.1: the metadata says that sessions are named", async () => {
    const metadata = await (await fetch(`${broker.issuer}/.well-known/openid-configuration`)).json();
    expect(metadata).toMatchObject({ backchannel_logout_supported: true, backchannel_logout_session_supported: true });
  });
});
