import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const ask = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  postForm(`${broker.issuer}/token`, form, headers);

describe("rfc6749 5.2: the token endpoint answers", () => {
  test.each<[string, Record<string, string>, string]>([
    ["no grant type", {}, "400 invalid_request"],
    ["an empty grant type", { grant_type: "" }, "400 invalid_request"],
    ["the password grant (4.3)", { grant_type: "password", username: "bob" }, "400 unsupported_grant_type"],
    ["an unknown grant type", { grant_type: "urn:example:x" }, "400 unsupported_grant_type"],
    ["a property of objects as grant type", { grant_type: "constructor" }, "400 unsupported_grant_type"],
    ["a grant type in other capitals", { grant_type: "Refresh_Token" }, "400 unsupported_grant_type"],
    ["a grant that is not the client's", { grant_type: "client_credentials" }, "400 unauthorized_client"],
    ["no code", { grant_type: "authorization_code" }, "400 invalid_request"],
    ["an unknown code", { grant_type: "authorization_code", code: "x" }, "400 invalid_grant"],
    ["no refresh token", { grant_type: "refresh_token" }, "400 invalid_request"],
    ["an unknown refresh token", { grant_type: "refresh_token", refresh_token: "x" }, "400 invalid_grant"],
  ])("%s", async (_what, fields, said) => {
    const answer = await ask({ client_id: "gx1", ...fields });
    expect(outcome(answer)).toBe(said);
    expect(Object.keys(answer.body).sort()).toEqual(["error", "error_description"]);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("a client that failed by the Authorization header with 401 and the scheme to use", async () => {
    for (const authorization of [
      "Basic Z3gxOndyb25n",
      "basic Z3gxOndyb25n",
      "Basic !",
      "Basic Og==",
      "Bearer x",
      "Digest x",
    ]) {
      const answer = await ask({ grant_type: "refresh_token", refresh_token: "x" }, { authorization });
      expect(outcome(answer)).toBe("401 invalid_client");
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic realm="[^"]+"$/);
    }
  });

  test.each<[string, Record<string, string>]>([
    ["in a scope", { scope: 'openid "quoted\\back\tübel\u0007' }],
    ["in a resource", { resource: 'urn:"x"\\\r\n' }],
    ["in the name of a repeated parameter", { 'a"\\ü\r\n': "1" }],
  ])("foreign characters %s with none that an error may not hold", async (where, fields) => {
    const form = new URLSearchParams({ client_id: "gx1", ...fields }).toString();
    const twice = where.includes("repeated") ? `${form}&${new URLSearchParams(fields)}` : form;
    const { status, body } = await postForm(`${broker.issuer}/device_authorization`, twice);
    expect(status).toBe(400);
    expect(body["error"]).toMatch(/^invalid_(scope|target|request)$/);
    expect(body["error_description"]).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});
