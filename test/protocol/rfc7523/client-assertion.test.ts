import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { personFamily, type SubjectId, seconds } from "../../../src/core/index.ts";
import { assertionType, bootWithClients, resource, type WithClients } from "../../support/clients.ts";
import { claimsOf, postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { type HeldClock, heldClock } from "../../support/held-clock.ts";
import { type KeyHolder, keyHolder } from "../../support/key-holder.ts";

let broker: WithClients;
let stranger: KeyHolder;
const clock: HeldClock = heldClock();
beforeAll(async () => {
  broker = await bootWithClients({ clock });
  stranger = await keyHolder("ES256", clock);
});
afterAll(() => broker.stop());

const send = (client_assertion: string, more: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/token`, {
    grant_type: "client_credentials",
    resource: resource("gx1"),
    client_assertion_type: assertionType,
    client_assertion,
    ...more,
  });
const make = (claims: object = {}, header: object = {}) => broker.key.assertion("ci", broker.issuer, claims, header);

describe("rfc7523 3: a client assertion", () => {
  test.each<[string, () => Promise<string>]>([
    ["for the issuer", () => make()],
    ["for the token endpoint", () => make({ aud: `${broker.issuer}/token` })],
    ["for a list of one", () => make({ aud: [broker.issuer] })],
    ["of five minutes", () => make({ exp: clock.now() + 300 })],
    ["of a clock one minute ahead", () => make({ iat: clock.now() + 60, nbf: clock.now() + 60 })],
    ["that ended less than a minute ago", () => make({ exp: clock.now() - 50 })],
    ["without iat", () => make({ iat: undefined })],
    ["of the explicit type", () => make({}, { typ: "client-authentication+jwt" })],
    ["without kid, when there is one key", () => make({}, { kid: undefined })],
  ])("%s proves the client", async (_what, assertion) => {
    expect(outcome(await send(await assertion()))).toBe("200");
    expect(outcome(await send(await assertion(), { client_id: "ci" }))).toBe("200");
  });

  test.each<[string, () => Promise<string>]>([
    ["of a stranger under our client's name", () => stranger.assertion("ci", broker.issuer)],
    ["of an unknown client", () => broker.key.assertion("nobody", broker.issuer)],
    ["of a client with a secret", () => broker.key.assertion("portal", broker.issuer)],
    ["of a public client", () => broker.key.assertion("cloudpass", broker.issuer)],
    ["issued by another", () => make({ iss: "cd" })],
    ["without issuer", () => make({ iss: undefined })],
    ["without audience", () => make({ aud: undefined })],
    ["for another issuer", () => make({ aud: "https://evil.example" })],
    ["for our issuer with a slash more", () => make({ aud: `${broker.issuer}/` })],
    ["for another endpoint of ours", () => make({ aud: `${broker.issuer}/introspect` })],
    ["for us and another", () => make({ aud: [broker.issuer, "https://evil.example"] })],
    ["for nobody", () => make({ aud: [] })],
    ["without exp", () => make({ exp: undefined })],
    ["with exp as text", () => make({ exp: String(clock.now() + 60) })],
    ["that is over", () => make({ exp: clock.now() - 61 })],
    ["that lives for ten minutes", () => make({ exp: clock.now() + 600 })],
    ["that is not valid yet", () => make({ nbf: clock.now() + 120 })],
    ["from the future", () => make({ iat: clock.now() + 120 })],
    ["without jti", () => make({ jti: undefined })],
    ["with an empty jti", () => make({ jti: "" })],
    ["with a jti that is no text", () => make({ jti: 7 })],
    ["with a jti of a thousand characters", () => make({ jti: "x".repeat(1_000) })],
    ["that is a DPoP proof by its type", () => make({}, { typ: "dpop+jwt" })],
    ["that is an access token by its type", () => make({}, { typ: "at+jwt" })],
    ["with an unknown critical header", () => make({}, { crit: ["x"], x: 1 })],
    ["with a changed signature", async () => `${(await make()).slice(0, -8)}AAAAAAAA`],
    ["that is no JWT", async () => "x"],
    ["without signature", async () => (await make()).replace(/[^.]+$/, "")],
  ])("S-58: %s is refused in the same words", async (_what, assertion) => {
    const answer = await send(await assertion());
    expect(answer.status).toBe(401);
    expect(answer.body).toEqual({
      error: "invalid_client",
      error_description: "the client is not known, or its credentials are wrong",
    });
  });

  test("rfc8725 3.1: none, and HS256 with the public key, are refused", async () => {
    const b64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const [, claims = ""] = (await make()).split(".");
    for (const alg of ["none", "None", "HS256"]) {
      expect(outcome(await send(`${b64({ alg, kid: "k1" })}.${claims}.${alg === "HS256" ? "AA" : ""}`))).toBe(
        "401 invalid_client",
      );
    }
  });

  test("a second use is refused, as long as the first could still be good and beyond (S-23)", async () => {
    const assertion = await make({ exp: clock.now() + 300 });
    expect(outcome(await send(assertion))).toBe("200");
    expect(outcome(await send(assertion))).toBe("401 invalid_client");
    clock.advance(359);
    expect(outcome(await send(assertion))).toBe("401 invalid_client");
  });

  test("a refused one uses nothing up: the same jti is good afterwards", async () => {
    const jti = "the-same";
    expect(outcome(await send(await make({ jti, aud: "https://evil.example" })))).toBe("401 invalid_client");
    expect(outcome(await send(await stranger.assertion("ci", broker.issuer, { jti })))).toBe("401 invalid_client");
    expect(outcome(await send(await make({ jti })))).toBe("200");
  });

  test("one client's jti does not use up another one's", async () => {
    const jti = "shared";
    expect(outcome(await send(await make({ jti })))).toBe("200");
    expect(outcome(await send(await broker.key.assertion("cd", broker.issuer, { jti })))).toBe("400 invalid_target");
  });

  test.each<[string, Record<string, string>, string]>([
    ["another type", { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer" }, "400"],
    ["no type", { client_assertion_type: "" }, "400"],
    ["another client_id", { client_id: "cd" }, "400"],
    ["a secret besides", { client_secret: "x" }, "400"],
  ])("with %s is an invalid request", async (_what, more, status) => {
    expect(outcome(await send(await make(), more))).toBe(`${status} invalid_request`);
  });

  test("proves the client at each endpoint that asks for one", async () => {
    for (const path of ["/introspect", "/revoke"]) {
      expect((await broker.asKeyed(path, "front", { token: "x" })).status, path).toBe(200);
    }
    expect(outcome(await broker.asKeyed("/device_authorization", "front", {}))).toBe("400 unauthorized_client");
  });

  test("a failure of a known client is in the audit log, that of an unknown one is not", async () => {
    await send(await stranger.assertion("ci", broker.issuer));
    await send(await stranger.assertion("nobody-42", broker.issuer));
    const said = broker.lines.filter((line) => line.includes('"client.refused"'));
    expect(said.some((line) => line.includes('"client":"ci"'))).toBe(true);
    expect(said.join()).not.toContain("nobody-42");
  });
});

describe("rfc6749 4.4: client credentials", () => {
  const ask = (id: string, form: Record<string, string>) =>
    broker.asKeyed("/token", id, { grant_type: "client_credentials", ...form });

  test("give a robot one access token for one target, by policy, and nothing else", async () => {
    const { body } = await ask("ci", { resource: resource("gx1"), scope: "groups" });
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      expires_in: 600,
      scope: "groups",
    });
    expect(claimsOf(body["access_token"])).toMatchObject({
      sub: expect.stringMatching(/^p-[0-9a-f]{40}$/),
      aud: "gx1",
      client_id: "ci",
      flow: "machine",
      preferred_username: "ci",
      tenant: "urn:cloudpass:tenant:customer-a",
      groups: ["cp.customer-a.developer"],
    });
  });

  test("give the same robot the same subject each time, and another robot another one", async () => {
    const sub = async () => claimsOf((await ask("ci", { resource: resource("prod1") })).body["access_token"])["sub"];
    expect(await sub()).toBe(await sub());
  });

  test.each<[string, string, Record<string, string>, string]>([
    ["no target", "ci", {}, "400 invalid_target"],
    ["the issuer", "ci", { resource: "ISSUER" }, "400 invalid_target"],
    ["a target without a right there", "ci", { resource: resource("gx2") }, "400 invalid_target"],
    ["an unknown target", "ci", { resource: resource("gx9") }, "400 invalid_target"],
    ["a robot that the policy gives nothing", "cd", { resource: resource("gx1") }, "400 invalid_target"],
    ["an ID token", "ci", { resource: resource("gx1"), scope: "openid" }, "400 invalid_scope"],
    ["a refresh token", "ci", { resource: resource("gx1"), scope: "offline_access" }, "400 invalid_scope"],
  ])("are refused for %s", async (_what, id, form, said) => {
    const { resource: wish, ...rest } = form;
    const named = wish === undefined ? {} : { resource: wish === "ISSUER" ? broker.issuer : wish };
    expect(outcome(await ask(id, { ...rest, ...named }))).toBe(said);
  });

  test("are not for a client of people", async () => {
    const answer = await broker.asSecret("/token", "portal", { grant_type: "client_credentials" });
    expect(outcome(answer)).toBe("400 unauthorized_client");
    const publicOne = { grant_type: "client_credentials", client_id: "cloudpass", resource: resource("gx1") };
    expect(outcome(await postForm(`${broker.issuer}/token`, publicOne))).toBe("400 unauthorized_client");
  });

  test("are not given to a robot that the operator has just revoked", async () => {
    const { sub } = claimsOf((await ask("ci", { resource: resource("gx1") })).body["access_token"]);
    await broker.broker.store.revokeFamily(personFamily(sub as SubjectId), seconds(60));
    expect(outcome(await ask("ci", { resource: resource("gx1") }))).toBe("400 unauthorized_client");
    clock.advance(120);
    expect(outcome(await ask("ci", { resource: resource("gx1") }))).toBe("200");
  });

  test("end when the robot gives its token back", async () => {
    const token = String((await ask("ci", { resource: resource("gx1") })).body["access_token"]);
    const active = async () => (await broker.asKeyed("/introspect", "ci", { token })).body["active"];
    expect(await active()).toBe(true);
    expect((await broker.asKeyed("/revoke", "ci", { token })).status).toBe(200);
    expect(await active()).toBe(false);
  });
});
