import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { postForm } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";

let broker: Booted;
let token: string;
beforeAll(async () => {
  broker = await boot();
  token = String((await logIn(broker.issuer, { client_id: "cloudpass", scope: "openid" })).body["access_token"]);
});
afterAll(() => broker.stop());

const get = (path: string, authorization?: string) =>
  fetch(`${broker.issuer}${path}`, { headers: authorization === undefined ? {} : { authorization } });

describe.each(["/targets", "/userinfo"])("%s", (path) => {
  test.each([(t: string) => `Bearer ${t}`, (t: string) => `bearer ${t}`, (t: string) => `BEARER  ${t}`])(
    "2.1: takes the token from the header, whatever the case of the scheme",
    async (header) => expect((await get(path, header(token))).status).toBe(200),
  );

  test("2.3: takes none from the address, where it would be written into logs", async () => {
    expect((await get(`${path}?access_token=${token}`)).status).toBe(401);
  });

  test.each<[string, string | undefined]>([
    ["nothing", undefined],
    ["no token", "Bearer"],
    ["another scheme", "Basic eDp5"],
    ["a token that is none", "Bearer a.b.c"],
    ["a token with something behind it", "Bearer TOKEN x"],
    ["a token with a comma behind it", "Bearer TOKEN,"],
  ])("3: refuses %s with 401 and a challenge that names scheme and error", async (_what, authorization) => {
    const response = await get(path, authorization?.replace("TOKEN", token));
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(
      /^Bearer error="invalid_token", error_description="[\x20\x21\x23-\x5b\x5d-\x7e]+", DPoP algs="[A-Za-z0-9 ]+"$/,
    );
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({ error: "invalid_token" });
  });

  test("5.3: no token ever gets into a log", async () => {
    await get(path, `Bearer ${token}`);
    await get(path, `Bearer ${token}x`);
    expect(broker.lines.join("\n")).not.toContain(token.slice(-40));
  });
});

test("2.2: userinfo takes none from a form", async () => {
  expect((await postForm(`${broker.issuer}/userinfo`, { access_token: token })).status).toBe(401);
});
