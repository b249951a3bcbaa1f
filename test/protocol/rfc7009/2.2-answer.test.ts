import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { Browser } from "../../support/browser.ts";
import { type JsonAnswer, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { heldClock } from "../../support/held-clock.ts";
import { shared } from "../../support/shared.ts";

const clock = heldClock();
const browser = new Browser();
const broker = shared(() => boot({ clock }));

const tool = () => logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser });
const revoke = (token: unknown) =>
  postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: String(token) });
const targets = ({ body }: JsonAnswer) =>
  fetch(`${broker.issuer}/targets`, { headers: { authorization: `Bearer ${String(body["access_token"])}` } }).then(
    (r) => r.status,
  );
const refreshed = async ({ body }: JsonAnswer) => outcome(await refresh(broker.issuer, body["refresh_token"]));

describe("rfc7009 2: revocation", () => {
  test.each<[string, (login: JsonAnswer) => unknown, string]>([
    ["the refresh token ends the whole login", ({ body }) => body["refresh_token"], "400 invalid_grant"],
    ["the access token ends it and not the login", ({ body }) => body["access_token"], "200"],
  ])("of %s at once, with an empty 200", async (_what, token, then) => {
    const login = await tool();
    expect(await targets(login)).toBe(200);
    const answer = await revoke(token(login));
    expect(answer).toMatchObject({ status: 200, body: {} });
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await targets(login), "the access token is no longer honoured by us").toBe(401);
    expect((await revoke(token(login))).status, "again: nothing left to do").toBe(200);
    expect(await refreshed(login)).toBe(then);
  });

  test("of a token that was rotated already ends the login too", async () => {
    const login = await tool();
    const next = await refresh(broker.issuer, login.body["refresh_token"]);
    await revoke(login.body["refresh_token"]);
    expect(await refreshed(next)).toBe("400 invalid_grant");
  });

  test("ends that login and no other of the same person", async () => {
    const [one, other] = [await tool(), await tool()];
    await revoke(one.body["refresh_token"]);
    expect(await refreshed(other)).toBe("200");
  });
});

describe("rfc7009 2.2: revocation", () => {
  test.each<[string, string]>([
    ["a token nobody knows", "guess"],
    ["something that looks like a JWT", "a.b.c"],
    ["a very long one", "x".repeat(10_000)],
  ])("of %s is a success", async (_what, token) => {
    expect(await revoke(token)).toMatchObject({ status: 200, body: {} });
  });

  test("of an ID token changes nothing: it is no token to revoke", async () => {
    const login = await tool();
    expect((await revoke(login.body["id_token"])).status).toBe(200);
    expect(await refreshed(login)).toBe("200");
  });

  test("of an access token that is over changes nothing", async () => {
    const login = await tool();
    clock.advance(601);
    expect((await revoke(login.body["access_token"])).status).toBe(200);
    expect(await refreshed(login)).toBe("200");
  });
});
