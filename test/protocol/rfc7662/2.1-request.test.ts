import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { postForm } from "../../support/device-login.ts";
import { logIn, outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

let token: string;
const broker = shared(bootWithClients);
beforeAll(async () => {
  const { body } = await logIn(broker.issuer, { client_id: "gx1", scope: "openid" }, { browser: new Browser() });
  token = String(body["access_token"]);
});

const ask = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/introspect`, form, headers);

describe("rfc7662 2.1: introspection is for clients that prove themselves, so that nobody can try tokens", () => {
  test.each<[string, Record<string, string>, string]>([
    ["a public client, even about its own token", { client_id: "gx1" }, "401 invalid_client"],
    ["nobody", {}, "400 invalid_request"],
    ["somebody unknown", { client_id: "nobody" }, "401 invalid_client"],
    ["who only says its name", { client_id: "cloud" }, "401 invalid_client"],
    ["who knows another secret", { client_id: "cloud", client_secret: "wrong" }, "401 invalid_client"],
  ])("not for %s, whether the token is good or not", async (_who, form, said) => {
    const [good, bad] = [await ask({ token, ...form }), await ask({ token: "x", ...form })];
    expect(outcome(good)).toBe(said);
    expect(bad.body).toEqual(good.body);
    expect(good.body).not.toHaveProperty("active");
    if (good.status === 401) expect(good.headers.get("www-authenticate")).toMatch(/^Basic /);
  });

  test("not for who bears a token, without client authentication", async () => {
    expect(outcome(await ask({ token }, { authorization: `Bearer ${token}` }))).toBe("401 invalid_client");
  });

  test("a wrong password is 401 by Basic, too", async () => {
    expect(outcome(await ask({ token }, broker.basic("cloud", "wrong")))).toBe("401 invalid_client");
  });
});

describe("rfc7662 2.1: the request", () => {
  test("names a token", async () => {
    expect(outcome(await broker.asSecret("/introspect", "cloud", {}))).toBe("400 invalid_request");
    expect(outcome(await broker.asSecret("/introspect", "cloud", { token: "" }))).toBe("400 invalid_request");
  });

  test("is a POST with a form: in an address the token would be written into logs", async () => {
    const headers = broker.basic("cloud");
    const got = await fetch(`${broker.issuer}/introspect?token=${token}`, { headers });
    expect([got.status, got.headers.get("allow")]).toEqual([405, "POST"]);
    const posted = await postForm(`${broker.issuer}/introspect?token=${token}`, {}, headers);
    expect(outcome(posted)).toBe("400 invalid_request");
    const json = { ...headers, "content-type": "application/json" };
    expect((await postForm(`${broker.issuer}/introspect`, JSON.stringify({ token }), json)).status).toBe(415);
    const twice = new URLSearchParams([
      ["token", token],
      ["token", "x"],
    ]);
    expect(outcome(await postForm(`${broker.issuer}/introspect`, twice.toString(), headers))).toBe(
      "400 invalid_request",
    );
    expect(broker.lines.join("\n")).not.toContain(token.slice(-40));
  });

  test("is answered whatever its hint and unknown parameters say", async () => {
    for (const token_type_hint of ["access_token", "refresh_token", "nonsense"]) {
      const { body } = await broker.asSecret("/introspect", "cloud", { token, token_type_hint, foo: "1" });
      expect(body["active"]).toBe(true);
    }
  });
});
