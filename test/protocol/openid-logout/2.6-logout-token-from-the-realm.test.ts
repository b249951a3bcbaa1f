import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const event = "http://schemas.openid.net/event/backchannel-logout";

let login: JsonAnswer;
const broker = shared(boot);
beforeAll(async () => {
  login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
});

/** True when the login still lives; keeps its newest refresh token. */
async function lives(): Promise<boolean> {
  const next = await refresh(broker.issuer, login.body["refresh_token"]);
  if (next.status === 200) login = next;
  return next.status === 200;
}

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
const post = (logout_token: string) => postForm(`${broker.issuer}/upstream/logout`, { logout_token });
const send = (claims: object, header: Record<string, string> = {}) => post(broker.idp.sign(header, claims));
const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("2.6: a logout token from the realm is refused and ends nothing", () => {
  test.each<[string, () => object]>([
    ["without events", () => ({ ...usual(), events: undefined })],
    ["with events as a list", () => ({ ...usual(), events: [event] })],
    ["with events as text", () => ({ ...usual(), events: event })],
    ["with another event", () => ({ ...usual(), events: { "urn:other": {} } })],
    ["with a nonce, as an ID token has", () => ({ ...usual(), nonce: "n" })],
    ["with an empty nonce", () => ({ ...usual(), nonce: "" })],
    ["with neither sub nor sid", () => ({ ...usual(), sub: undefined })],
    ["with a sid that is no text, though there is a sub", () => ({ ...usual(), sid: ["s"] })],
    ["with an empty sid, though there is a sub", () => ({ ...usual(), sid: "" })],
    ["with a sub that is no text, though there is a sid", () => ({ ...usual(), sub: 7, sid: "s" })],
    ["with a jti that is no text", () => ({ ...usual(), jti: { j: 1 } })],
    ["with an empty jti", () => ({ ...usual(), jti: "" })],
    ["with a jti without end", () => ({ ...usual(), jti: "j".repeat(257) })],
    ["for another audience", () => ({ ...usual(), aud: "somebody" })],
    ["without audience", () => ({ ...usual(), aud: undefined })],
    ["of another issuer", () => ({ ...usual(), iss: "https://evil.example" })],
    ["without issuer", () => ({ ...usual(), iss: undefined })],
    ["without jti", () => ({ ...usual(), jti: undefined })],
    ["without iat", () => ({ ...usual(), iat: undefined })],
    ["with an old iat", () => ({ ...usual(), iat: now() - 3600 })],
    ["with an iat to come", () => ({ ...usual(), iat: now() + 3600 })],
    ["with an exp that is over", () => ({ ...usual(), exp: now() - 3600 })],
  ])("%s", async (_what, claims) => {
    expect(outcome(await send(claims()))).toBe("400 invalid_request");
    expect(await lives()).toBe(true);
  });

  test.each<[string, () => string]>([
    ["alg none", () => `${b64({ alg: "none" })}.${b64(usual())}.`],
    ["a changed signature", () => `${broker.idp.sign({}, usual()).slice(0, -8)}AAAAAAAA`],
    ["HS256", () => `${b64({ alg: "HS256", kid: "embedded" })}.${b64(usual())}.AAAA`],
    ["a key that is not the realm's", () => broker.idp.sign({ kid: "guess" }, usual())],
    ["the type of an access token", () => broker.idp.sign({ typ: "at+jwt" }, usual())],
    ["the type of a DPoP proof", () => broker.idp.sign({ typ: "dpop+jwt" }, usual())],
    ["no JWT at all", () => "x"],
  ])("with %s", async (_what, token) => {
    expect(outcome(await post(token()))).toBe("400 invalid_request");
    expect(await lives()).toBe(true);
  });

  test("when it is not there, or comes in the address", async () => {
    expect(outcome(await postForm(`${broker.issuer}/upstream/logout`, {}))).toBe("400 invalid_request");
    const query = new URLSearchParams({ logout_token: broker.idp.sign({}, usual()) });
    expect(outcome(await postForm(`${broker.issuer}/upstream/logout?${query}`, {}))).toBe("400 invalid_request");
    expect((await fetch(`${broker.issuer}/upstream/logout?${query}`)).status).toBe(405);
    expect(await lives()).toBe(true);
  });
});

describe("2.7, 2.8: a logout token from the realm that is valid", () => {
  test.each<[string, Record<string, string>]>([
    ["without a type", {}],
    ["of the explicit type", { typ: "logout+jwt" }],
    ["of the usual type", { typ: "JWT" }],
  ])("%s ends every login of the person at once, and is answered 200, to be kept by nobody", async (_what, header) => {
    login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser: new Browser() });
    const answer = await send(usual(), header);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await lives()).toBe(false);
  });

  test("ends nobody else's login", async () => {
    login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser: new Browser() });
    expect((await send({ ...usual(), sub: "customer-a-idp/alice" })).status).toBe(200);
    expect(await lives()).toBe(true);
  });

  test("for a session that nobody knows is no failure", async () => {
    expect((await send({ ...usual(), sub: undefined, sid: "unknown" })).status).toBe(200);
    expect(await lives()).toBe(true);
  });

  test("is accepted once (S-23)", async () => {
    const claims = { ...usual(), sub: "customer-a-idp/nobody" };
    expect((await send(claims)).status).toBe(200);
    expect(outcome(await send(claims))).toBe("400 invalid_request");
  });

  test("is not cached when it is refused either", async () => {
    expect((await post("x")).headers.get("cache-control")).toBe("no-store");
  });
});
