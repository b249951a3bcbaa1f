import { describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(bootWithClients);

const start = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/device_authorization`, { scope: "openid", ...form }, headers);
const rawBasic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

describe("rfc6749 2.3.1: a client with a secret", () => {
  test.each<[string, () => [Record<string, string>, Record<string, string>?]]>([
    ["by Basic, form-encoded", () => [{}, broker.basic("portal")]],
    ["by Basic as it stands (keystoneauth)", () => [{}, rawBasic(`portal:${broker.secret}`)]],
    ["by Basic, with the same client_id in the body", () => [{ client_id: "portal" }, broker.basic("portal")]],
    ["in the body", () => [{ client_id: "portal", client_secret: broker.secret }]],
    [
      "in the body, with Basic that has no secret (oidc-agent)",
      () => [{ client_secret: broker.secret }, rawBasic("portal:")],
    ],
  ])("is let in %s", async (_how, request) => expect(outcome(await start(...request()))).toBe("200"));

  test.each<[string, () => [Record<string, string>, Record<string, string>?], string]>([
    ["without its secret", () => [{ client_id: "portal" }], "401 invalid_client"],
    ["with an empty secret by Basic", () => [{}, rawBasic("portal:")], "401 invalid_client"],
    [
      "with a byte that is no blank before its credentials",
      () => [{}, { authorization: rawBasic(`portal:${broker.secret}`).authorization.replace(" ", " \u00a0") }],
      "401 invalid_client",
    ],
    ["with another secret by Basic", () => [{}, broker.basic("portal", "wrong")], "401 invalid_client"],
    ["with another secret in the body", () => [{ client_id: "portal", client_secret: "x" }], "401 invalid_client"],
    ["with the beginning of its secret", () => [{}, broker.basic("portal", "portal-s3cret")], "401 invalid_client"],
    ["with a secret, though it has a key", () => [{}, broker.basic("front")], "401 invalid_client"],
    ["with a secret, though it is public", () => [{}, broker.basic("cloudpass")], "401 invalid_client"],
    ["under a name nobody has", () => [{}, broker.basic("nobody")], "401 invalid_client"],
    [
      "by Basic and in the body at once",
      () => [{ client_id: "portal", client_secret: broker.secret }, broker.basic("portal")],
      "400 invalid_request",
    ],
    ["under two names", () => [{ client_id: "cloud" }, broker.basic("portal")], "400 invalid_request"],
  ])("is refused %s", async (_how, request, said) => expect(outcome(await start(...request()))).toBe(said));

  test("x/oauth2 tries Basic and then the body: the failure uses nothing up", async () => {
    const { body } = await start({}, broker.basic("portal"));
    const poll = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: String(body["device_code"]),
    };
    expect(outcome(await postForm(`${broker.issuer}/token`, poll, broker.basic("portal", "wrong")))).toBe(
      "401 invalid_client",
    );
    expect(outcome(await broker.asSecret("/token", "portal", poll))).toBe("400 authorization_pending");
  });

  test("a secret never gets into a log, not even a wrong one", async () => {
    await start({}, broker.basic("portal", "a-wrong-canary"));
    await start({ client_id: "portal", client_secret: "a-body-canary" });
    const lines = broker.lines.join("\n");
    for (const secret of [broker.secret, "a-wrong-canary", "a-body-canary"]) expect(lines).not.toContain(secret);
  });
});
