import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome, pkce } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const ask = (form: Record<string, string> | string, headers = {}) =>
  postForm(`${broker.issuer}/device_authorization`, form, headers);
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });

const { challenge } = pkce();
describe("3.1: the device authorization request", () => {
  test.each<[string, Record<string, string>, Record<string, string>, string]>([
    ["of kubelogin", { client_id: "prod1", scope: "groups offline_access openid" }, {}, "200"],
    [
      "of keystoneauth, with PKCE",
      { client_id: "gx1", scope: "openid profile", code_challenge: challenge, code_challenge_method: "S256" },
      {},
      "200",
    ],
    ["of oidc-agent", { client_id: "gx1" }, basic("gx1:"), "200"],
    ["by Basic alone", {}, basic("gx1:"), "200"],
    ["with a resource", { client_id: "console-tool", resource: "urn:cloudpass:target:gx2" }, {}, "200"],
    ["with parameters nobody knows (rfc6749 3.2: ignored)", { client_id: "gx1", foo: "bar", nonce: "x" }, {}, "200"],
    ["with an empty scope", { client_id: "gx1", scope: "" }, {}, "200"],
    ["without client_id", { scope: "openid" }, {}, "400 invalid_request"],
    ["with an empty client_id", { client_id: "" }, {}, "400 invalid_request"],
    ["of an unknown client", { client_id: "nobody" }, {}, "401 invalid_client"],
    ["with a secret", { client_id: "gx1", client_secret: "x" }, {}, "401 invalid_client"],
    ["with an unknown scope", { client_id: "gx1", scope: "openid admin" }, {}, "400 invalid_scope"],
    ["with a scope of 2 KiB", { client_id: "gx1", scope: "openid ".repeat(300) }, {}, "400 invalid_scope"],
    [
      "with another target's resource",
      { client_id: "gx1", resource: "urn:cloudpass:target:gx2" },
      {},
      "400 invalid_target",
    ],
    [
      "with an unknown resource",
      { client_id: "console-tool", resource: "https://api.example" },
      {},
      "400 invalid_target",
    ],
  ])("%s", async (_what, form, headers, answer) => {
    const said = await ask(form, headers);
    expect(outcome(said)).toBe(answer);
    if (said.status !== 200) expect(Object.keys(said.body).sort()).toEqual(["error", "error_description"]);
  });

  test.each<[string, RequestInit, number]>([
    ["GET", {}, 405],
    ["JSON", { method: "POST", headers: { "content-type": "application/json" }, body: '{"client_id":"gx1"}' }, 415],
  ])("by %s is refused: it is a form that is posted", async (_how, init, status) => {
    expect((await fetch(`${broker.issuer}/device_authorization?client_id=gx1`, init)).status).toBe(status);
  });

  test("with a parameter twice is refused", async () => {
    expect(outcome(await ask("client_id=gx1&scope=openid&scope=profile"))).toBe("400 invalid_request");
    expect(outcome(await ask("client_id=gx1&client_id=gx1"))).toBe("400 invalid_request");
  });

  test("an unknown scope is named", async () => {
    expect((await ask({ client_id: "gx1", scope: "openid admin" })).body["error_description"]).toContain("'admin'");
  });
});
