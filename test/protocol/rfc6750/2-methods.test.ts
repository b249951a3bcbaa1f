import { request } from "node:http";
import { beforeAll, describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { logIn } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

let token: string;
const broker = shared(boot);
beforeAll(async () => {
  token = String(
    (await logIn(broker.issuer, { client_id: "console-tool", scope: "openid groups" })).body["access_token"],
  );
});

const ask = async (path: string, init: RequestInit) => (await fetch(`${broker.issuer}${path}`, init)).status;

describe.each(["/targets", "/userinfo"])("rfc6750 2: %s", (path) => {
  test.each(["Bearer ", "bearer ", "BEARER  "])("2.1: takes the token from the header, by %j", async (scheme) => {
    expect(await ask(path, { headers: { authorization: `${scheme}${token}` } })).toBe(200);
  });

  test("2.3: takes none from the address, where it would be written into logs", async () => {
    expect(await ask(`${path}?access_token=${token}`, {})).toBe(401);
  });

  test("takes none from a cookie", async () => {
    expect(await ask(path, { headers: { cookie: `access_token=${token}; Authorization=Bearer ${token}` } })).toBe(401);
  });

  test("the address adds nothing to the header, right or wrong", async () => {
    const bearer = (text: string) => ({ headers: { authorization: `Bearer ${text}` } });
    expect(await ask(`${path}?access_token=wrong`, bearer(token))).toBe(200);
    expect(await ask(`${path}?access_token=${token}`, bearer("wrong"))).toBe(401);
    expect(await ask(`${path}?access_token=${token}&access_token=${token}`, bearer(token))).toBe(400);
  });
});

test("rfc6750 2.2: userinfo takes none from a form, and the form adds nothing to the header", async () => {
  const body = new URLSearchParams({ access_token: token });
  expect(await ask("/userinfo", { method: "POST", body })).toBe(401);
  expect(await ask("/userinfo", { method: "POST", body, headers: { authorization: "Bearer wrong" } })).toBe(401);
});

test("rfc6750 2.2: none from the body of a GET either", async () => {
  const body = `access_token=${token}`;
  const status = await new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-www-form-urlencoded", "content-length": body.length };
    const asking = request(`${broker.issuer}/userinfo`, { method: "GET", headers }, (r) =>
      resolve(r.resume().statusCode),
    );
    asking.on("error", reject).end(body);
  });
  expect(status).toBe(401);
});
