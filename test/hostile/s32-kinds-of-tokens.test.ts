import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { claimsOf, type JsonAnswer, postForm } from "../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../support/drive.ts";
import { shared } from "../support/shared.ts";

let login: JsonAnswer;
const broker = shared(boot);
beforeAll(async () => {
  login = await logIn(broker.issuer, { client_id: "console-tool", scope: renewable });
});

const typeOf = (jwt: unknown) =>
  (JSON.parse(Buffer.from(String(jwt).split(".")[0] ?? "", "base64url").toString()) as { typ: string }).typ;

describe("S-32: one kind of token is never taken for another", () => {
  test.each(["id_token", "refresh_token"])("an %s opens no endpoint that wants an access token", async (kind) => {
    const response = await fetch(`${broker.issuer}/targets`, {
      headers: { authorization: `Bearer ${String(login.body[kind])}` },
    });
    expect(response.status).toBe(401);
  });

  test.each(["id_token", "access_token"])("an %s renews nothing", async (kind) => {
    expect(outcome(await refresh(broker.issuer, login.body[kind]))).toBe("400 invalid_grant");
  });

  test("an ID token ends no login", async () => {
    await postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", token: String(login.body["id_token"]) });
    expect(
      (
        await fetch(`${broker.issuer}/targets`, {
          headers: { authorization: `Bearer ${String(login.body["access_token"])}` },
        })
      ).status,
    ).toBe(200);
  });

  test("each says what it is, has one audience, and the ID token carries no group to a cloud", () => {
    const [access, id] = [login.body["access_token"], login.body["id_token"]];
    expect([typeOf(access), typeOf(id)]).toEqual(["at+jwt", "JWT"]);
    expect([claimsOf(access)["aud"], claimsOf(id)["aud"]]).toEqual([broker.issuer, "console-tool"]);
    expect(claimsOf(id)["groups"]).toBeUndefined();
  });

  test("a token for one cloud is not one for another, nor for us", async () => {
    const gx1 = await refresh(broker.issuer, login.body["refresh_token"], { resource: "urn:cloudpass:target:gx1" });
    expect(claimsOf(gx1.body["access_token"])["aud"]).toBe("gx1");
    const response = await fetch(`${broker.issuer}/targets`, {
      headers: { authorization: `Bearer ${String(gx1.body["access_token"])}` },
    });
    expect(response.status).toBe(401);
  });
});
