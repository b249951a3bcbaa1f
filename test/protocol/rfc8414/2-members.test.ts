import { beforeAll, describe, expect, test } from "vitest";
import { bootWithClients } from "../../support/clients.ts";
import { askAuthorization, codeRequest } from "../../support/code-login.ts";
import { postForm } from "../../support/device-login.ts";
import { outcome } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

let metadata: Record<string, unknown>;
const broker = shared(bootWithClients);
beforeAll(async () => {
  const response = await fetch(`${broker.issuer}/.well-known/oauth-authorization-server`);
  metadata = (await response.json()) as Record<string, unknown>;
});

const listed = (name: string) => metadata[name] as string[];
const error = async (more: Record<string, string | undefined>) => {
  const { to } = await askAuthorization(codeRequest(broker.issuer, "prod1", more).url);
  return to?.searchParams.get("error") ?? "none";
};

describe("rfc8414 2: the metadata", () => {
  test("has every member that is required, of its type", () => {
    expect(metadata).toMatchObject({
      issuer: broker.issuer,
      authorization_endpoint: expect.any(String),
      token_endpoint: expect.any(String),
      jwks_uri: expect.any(String),
      response_types_supported: ["code"],
    });
    expect(new URL(broker.issuer).search + new URL(broker.issuer).hash).toBe("");
    expect(new URL(String(metadata["authorization_endpoint"])).hash).toBe("");
  });

  test.each(["token", "revocation", "introspection"])(
    "names the algorithms of assertions for the %s endpoint, none of them «none»",
    (endpoint) => {
      expect(listed(`${endpoint}_endpoint_auth_methods_supported`)).toContain("private_key_jwt");
      const algorithms = listed(`${endpoint}_endpoint_auth_signing_alg_values_supported`);
      expect(algorithms.length).toBeGreaterThan(0);
      for (const bad of ["none", "HS256"]) expect(algorithms).not.toContain(bad);
    },
  );

  test("names endpoints that are there", async () => {
    const endpoints = Object.entries(metadata).filter(([name]) => name.endsWith("_endpoint"));
    expect(endpoints.map(([name]) => name.replace("_endpoint", "")).sort()).toEqual([
      "authorization",
      "device_authorization",
      "end_session",
      "introspection",
      "pushed_authorization_request",
      "revocation",
      "token",
      "userinfo",
    ]);
    for (const [name, url] of endpoints) {
      const method =
        /authorization_endpoint|end_session/.test(name) && name !== "device_authorization_endpoint" ? "GET" : "POST";
      expect([404, 405], name).not.toContain((await fetch(String(url), { method, redirect: "manual" })).status);
    }
    const keys = (await (await fetch(String(metadata["jwks_uri"]))).json()) as { keys: { use: string; kid: string }[] };
    expect(keys.keys.length).toBeGreaterThan(0);
    for (const key of keys.keys) expect(key).toMatchObject({ use: "sig", kid: expect.any(String) });
    expect(new Set(keys.keys.map((k) => k.kid)).size).toBe(keys.keys.length);
  });

  test("names the grant types that are understood, and no other", async () => {
    const understood = async (grant_type: string) =>
      outcome(await postForm(`${broker.issuer}/token`, { client_id: "gx1", grant_type })) !==
      "400 unsupported_grant_type";
    for (const grant of listed("grant_types_supported")) expect(await understood(grant), grant).toBe(true);
    for (const grant of ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "toString"]) {
      expect(await understood(grant), grant).toBe(false);
    }
    expect(listed("grant_types_supported")).toContain("urn:ietf:params:oauth:grant-type:device_code");
  });

  test("names the response types and modes, challenge methods and scopes that work, and no other", async () => {
    for (const response_type of listed("response_types_supported")) expect(await error({ response_type })).toBe("none");
    for (const response_type of ["token", "id_token", "code token", "none"])
      expect(await error({ response_type })).toBe("unsupported_response_type");
    for (const response_mode of listed("response_modes_supported")) expect(await error({ response_mode })).toBe("none");
    for (const response_mode of ["fragment", "form_post", "jwt"])
      expect(await error({ response_mode })).toBe("invalid_request");
    expect(listed("code_challenge_methods_supported")).toEqual(["S256"]);
    expect(await error({ code_challenge_method: "plain" })).toBe("invalid_request");
    for (const scope of listed("scopes_supported")) expect(await error({ scope }), scope).toBe("none");
    for (const scope of ["address", "phone", "*"]) expect(await error({ scope })).toBe("invalid_scope");
  });

  test("names the ways of client authentication that work", async () => {
    const form = { scope: "openid" };
    const url = `${broker.issuer}/device_authorization`;
    const works: Record<string, () => Promise<{ status: number }>> = {
      none: () => postForm(url, { ...form, client_id: "gx1" }),
      client_secret_basic: () => postForm(url, form, broker.basic("portal")),
      client_secret_post: () => postForm(url, { ...form, client_id: "portal", client_secret: broker.secret }),
      private_key_jwt: () => broker.asKeyed("/introspect", "front", { token: "x" }),
    };
    expect(listed("token_endpoint_auth_methods_supported").sort()).toEqual(Object.keys(works).sort());
    expect(listed("introspection_endpoint_auth_methods_supported")).not.toContain("none");
    for (const [method, ask] of Object.entries(works)) expect((await ask()).status, method).toBe(200);
  });
});
