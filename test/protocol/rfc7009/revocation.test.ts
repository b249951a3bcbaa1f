import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";

let broker: Booted;
const clock = heldClock();
const browser = new Browser();
beforeAll(async () => {
  broker = await boot({ clock });
});
afterAll(() => broker.stop());

const cli = () => logIn(broker.issuer, { client_id: "cloudpass", scope: renewable }, { browser });
const revoke = (token: unknown, more: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/revoke`, { client_id: "cloudpass", token: String(token), ...more });
const targets = ({ body }: JsonAnswer) =>
  fetch(`${broker.issuer}/targets`, { headers: { authorization: `Bearer ${String(body["access_token"])}` } }).then(
    (r) => r.status,
  );

describe("rfc7009: revocation", () => {
  test.each<[string, (login: JsonAnswer) => unknown]>([
    ["the refresh token", ({ body }) => body["refresh_token"]],
    ["the access token", ({ body }) => body["access_token"]],
  ])("2: of %s ends the whole login, with an empty 200", async (_what, token) => {
    const login = await cli();
    expect(await targets(login)).toBe(200);
    expect(await revoke(token(login), { token_type_hint: "nonsense" })).toMatchObject({ status: 200, body: {} });
    expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("400 invalid_grant");
    expect(await targets(login), "the access token is no longer honoured by us").toBe(401);
    expect((await revoke(token(login))).status, "again: nothing left to do").toBe(200);
  });

  test("of a token that was rotated already ends the login too", async () => {
    const login = await cli();
    const next = await refresh(broker.issuer, login.body["refresh_token"]);
    await revoke(login.body["refresh_token"]);
    expect(outcome(await refresh(broker.issuer, next.body["refresh_token"]))).toBe("400 invalid_grant");
  });

  test.each<[string, string]>([
    ["a token nobody knows", "guess"],
    ["something that looks like a JWT", "a.b.c"],
    ["a very long one", "x".repeat(10_000)],
  ])("2.2: of %s is a success", async (_what, token) => expect((await revoke(token)).status).toBe(200));

  test("2.1: of another client's token changes nothing", async () => {
    const login = await cli();
    for (const token of [login.body["refresh_token"], login.body["access_token"]]) {
      expect((await revoke(token, { client_id: "gx1" })).status).toBe(200);
    }
    expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("200");
  });

  test("of an ID token changes nothing: it is no token to revoke", async () => {
    const login = await cli();
    await revoke(login.body["id_token"]);
    expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("200");
  });

  test("of an access token that is over changes nothing", async () => {
    const login = await cli();
    clock.advance(601);
    await revoke(login.body["access_token"]);
    expect(outcome(await refresh(broker.issuer, login.body["refresh_token"]))).toBe("200");
  });

  test("ends that login and no other of the same person", async () => {
    const [one, other] = [await cli(), await cli()];
    await revoke(one.body["refresh_token"]);
    expect(outcome(await refresh(broker.issuer, other.body["refresh_token"]))).toBe("200");
  });

  test("without a token, or by nobody, is refused", async () => {
    expect(outcome(await postForm(`${broker.issuer}/revoke`, { client_id: "cloudpass" }))).toBe("400 invalid_request");
    expect(outcome(await revoke("x", { client_id: "nobody" }))).toBe("401 invalid_client");
  });
});
