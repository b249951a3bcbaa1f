import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { claimsOf, decideInBrowser, embeddedVisitor, poll, postForm, startDevice } from "../../support/device-login.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";

let broker: Booted;
let listener: Server;
let told: string[];
beforeAll(async () => {
  told = [];
  listener = createServer((req, res) => {
    let body = "";
    req.on("data", (part) => {
      body += String(part);
    });
    req.on("end", () => {
      told.push(new URLSearchParams(body).get("logout_token") ?? "");
      res.end();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/logout`;
  broker = await boot({ yaml: `clients: [{id: dashboard, name: Dashboard, backchannelLogoutUri: "${address}"}]\n` });
});
afterAll(async () => {
  await broker.stop();
  listener.close();
});

async function login() {
  const started = await startDevice(broker.issuer, { client_id: "dashboard", scope: "openid offline_access" });
  await decideInBrowser(started.verification_uri_complete, embeddedVisitor("bob@a.example"), "approve");
  return (await poll(broker.issuer, { client_id: "dashboard", device_code: started.device_code })).body;
}

const refresh = (token: unknown) =>
  postForm(`${broker.issuer}/token`, {
    grant_type: "refresh_token",
    client_id: "dashboard",
    refresh_token: String(token),
  });

const now = () => Math.floor(Date.now() / 1000);
let count = 0;
const usual = () => ({
  iss: broker.idp.issuer,
  aud: "cloudpass",
  sub: "customer-a-idp/bob",
  iat: now(),
  exp: now() + 60,
  jti: `j${++count}`,
  events: { [event]: {} },
});
const send = (claims: object, header: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/upstream/logout`, { logout_token: broker.idp.sign(header, claims) });

describe("back-channel logout from the realm", () => {
  test("2.8: a valid token ends every login of the person at once", async () => {
    const tokens = await login();
    expect((await send(usual())).status).toBe(200);
    expect((await refresh(tokens["refresh_token"])).body["error"]).toBe("invalid_grant");
  });

  test.each<[string, () => object]>([
    ["no events", () => ({ ...usual(), events: undefined })],
    ["another event", () => ({ ...usual(), events: { "urn:other": {} } })],
    ["a nonce (an ID token)", () => ({ ...usual(), nonce: "n" })],
    ["neither sub nor sid", () => ({ ...usual(), sub: undefined })],
    ["another audience", () => ({ ...usual(), aud: "somebody" })],
    ["another issuer", () => ({ ...usual(), iss: "https://evil.example" })],
    ["no jti", () => ({ ...usual(), jti: undefined })],
    ["an old iat", () => ({ ...usual(), iat: now() - 3600 })],
    ["an exp that is over", () => ({ ...usual(), exp: now() - 3600 })],
  ])("2.6: %s is refused and ends nothing", async (_what, claims) => {
    const tokens = await login();
    expect(await send(claims())).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect((await refresh(tokens["refresh_token"])).status).toBe(200);
  });

  test("2.6: a token is accepted once (S-23)", async () => {
    const claims = usual();
    expect((await send(claims)).status).toBe(200);
    expect((await send(claims)).status).toBe(400);
  });

  test("2.6: an unsigned or foreign-signed token is refused", async () => {
    const [, payload] = broker.idp.sign({}, usual()).split(".");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    expect((await postForm(`${broker.issuer}/upstream/logout`, { logout_token: `${none}.${payload}.` })).status).toBe(
      400,
    );
    const changed = broker.idp.sign({}, usual()).slice(0, -4);
    expect((await postForm(`${broker.issuer}/upstream/logout`, { logout_token: `${changed}AAAA` })).status).toBe(400);
  });
});

describe("back-channel logout to our clients", () => {
  test("2.4: a client that registered an address is told, with sub, sid and event", async () => {
    const tokens = await login();
    await postForm(`${broker.issuer}/revoke`, { client_id: "dashboard", token: String(tokens["refresh_token"]) });
    const { sub, sid } = claimsOf(tokens["access_token"]);
    // Logins of the tests before may still be told about.
    const notice = () => told.map(claimsOf).find((claims) => claims["sid"] === sid);
    await expect.poll(notice).toBeDefined();
    expect(notice()).toMatchObject({ iss: broker.issuer, aud: "dashboard", sub, events: { [event]: {} } });
    expect(notice()?.["nonce"]).toBeUndefined();
  });
});
