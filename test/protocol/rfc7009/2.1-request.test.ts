import { describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { decideInBrowser, embeddedVisitor, postForm } from "../../support/device-login.ts";
import { logIn, outcome, refresh, renewable } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const browser = new Browser();
const broker = shared(bootWithClients);

const tool = async () =>
  (await logIn(broker.issuer, { client_id: "console-tool", scope: renewable }, { browser })).body;
const revoke = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/revoke`, { client_id: "console-tool", ...form }, headers);
const lives = async (token: unknown) => outcome(await refresh(broker.issuer, token)) === "200";

/** A login of the client with a secret: its refresh token. */
async function portal(): Promise<string> {
  const start = (await broker.asSecret("/device_authorization", "portal", { scope: renewable })).body;
  const bob = embeddedVisitor("bob@a.example");
  await decideInBrowser(String(start["verification_uri_complete"]), bob, "approve", browser);
  const device = {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    device_code: String(start["device_code"]),
  };
  return String((await broker.asSecret("/token", "portal", device)).body["refresh_token"]);
}

describe("rfc7009 2.1: a request to revoke", () => {
  test.each<[string, Record<string, string>, string]>([
    ["without a token", {}, "400 invalid_request"],
    ["with an empty token", { token: "" }, "400 invalid_request"],
    ["by nobody", { token: "x", client_id: "" }, "400 invalid_request"],
    ["by somebody unknown", { token: "x", client_id: "nobody" }, "401 invalid_client"],
  ])("%s is refused", async (_what, form, said) => expect(outcome(await revoke(form))).toBe(said));

  test("of a client with a secret wants that secret, and changes nothing without it", async () => {
    const token = await portal();
    for (const wrong of [{}, { client_secret: "wrong" }])
      expect(outcome(await revoke({ client_id: "portal", token, ...wrong }))).toBe("401 invalid_client");
    const basic = await postForm(`${broker.issuer}/revoke`, { token }, broker.basic("portal", "wrong"));
    expect(outcome(basic)).toBe("401 invalid_client");
    expect(basic.headers.get("www-authenticate")).toMatch(/^Basic /);
    const use = () => broker.asSecret("/token", "portal", { grant_type: "refresh_token", refresh_token: token });
    expect(outcome(await use())).toBe("200");
    expect((await broker.asSecret("/revoke", "portal", { token })).status).toBe(200);
    expect(outcome(await use())).toBe("400 invalid_grant");
  });

  test("for another client's token changes nothing, and does not tell whether there is such a token", async () => {
    const { refresh_token, access_token } = await tool();
    for (const token of [refresh_token, access_token]) {
      const [other, guess] = [
        await revoke({ client_id: "gx1", token: String(token) }),
        await revoke({ token: "guess" }),
      ];
      expect(other).toMatchObject({ status: 200, body: {} });
      expect(other).toMatchObject({ status: guess.status, body: guess.body });
    }
    expect(await lives(refresh_token)).toBe(true);
  });

  test.each(["refresh_token", "access_token", "nonsense"])("finds the token though the hint says %s", async (hint) => {
    const own = (login: Record<string, unknown>) =>
      fetch(`${broker.issuer}/userinfo`, { headers: { authorization: `Bearer ${String(login["access_token"])}` } });
    for (const kind of ["refresh_token", "access_token"]) {
      const login = await tool();
      expect((await revoke({ token: String(login[kind]), token_type_hint: hint })).status).toBe(200);
      expect((await own(login)).status).toBe(401);
      expect(await lives(login["refresh_token"])).toBe(kind === "access_token");
    }
  });
});
