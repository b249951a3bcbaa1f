import { beforeAll, describe, expect, test } from "vitest";
import { Browser } from "../../support/browser.ts";
import { bootWithClients } from "../../support/clients.ts";
import { codeRequest, loopback } from "../../support/code-login.ts";
import { claimsOf } from "../../support/device-login.ts";
import { logIn } from "../../support/drive.ts";
import { shared } from "../../support/shared.ts";

type Metadata = Readonly<Record<string, unknown>>;
let metadata: Metadata;
const browser = new Browser();
const broker = shared(bootWithClients);
beforeAll(async () => {
  metadata = (await (await fetch(`${broker.issuer}/.well-known/openid-configuration`)).json()) as Metadata;
});

const list = (name: string): string[] => (metadata[name] ?? expect.fail(`${name} is missing`)) as string[];

describe("3: the metadata", () => {
  test.each(["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])(
    "has %s, an address without query and fragment",
    (name) => {
      const url = new URL(String(metadata[name]));
      expect([url.search, url.hash]).toEqual(["", ""]);
    },
  );

  test.each<[string, string]>([
    ["response_types_supported", "code"],
    ["subject_types_supported", "public"],
    ["id_token_signing_alg_values_supported", "ES256"],
    ["scopes_supported", "openid"],
  ])("has %s, with %s in it", (name, value) => expect(list(name)).toContain(value));

  test("names what stands outside OpenID Connect: device login, pushed requests, sign-out, and the issuer in answers", () => {
    expect(metadata).toMatchObject({
      device_authorization_endpoint: `${broker.issuer}/device_authorization`,
      pushed_authorization_request_endpoint: `${broker.issuer}/par`,
      end_session_endpoint: `${broker.issuer}/end_session`,
      grant_types_supported: expect.arrayContaining(["urn:ietf:params:oauth:grant-type:device_code"]),
    });
  });

  test("does not name none as algorithm of anything", () => {
    const algorithms = Object.entries(metadata).filter(([name]) => /_alg_values_supported$/.test(name));
    expect(algorithms.length).toBeGreaterThan(3);
    for (const [name, values] of algorithms) expect(values, name).not.toContain("none");
    for (const [name, values] of algorithms) expect(String(values), name).not.toMatch(/HS(256|384|512)/);
  });

  test("says that request objects by reference are not taken: left out it would say that they are", () => {
    expect(metadata).toMatchObject({
      request_parameter_supported: false,
      request_uri_parameter_supported: false,
      claims_parameter_supported: false,
    });
  });

  test("lists every claim that an ID token or userinfo has, and the subject types that they show", async () => {
    const { body } = await logIn(broker.issuer, { client_id: "prod1", scope: "openid profile email" }, { browser });
    const headers = { authorization: `Bearer ${String(body["access_token"])}` };
    const userinfo = (await (await fetch(`${broker.issuer}/userinfo`, { headers })).json()) as object;
    const ours = ["token_use", "flow"]; // marks between us and our targets, not claims about the person
    const given = [...Object.keys(claimsOf(body["id_token"])), ...Object.keys(userinfo)];
    expect(given.filter((name) => !ours.includes(name) && !list("claims_supported").includes(name))).toEqual([]);
  });

  test("lists exactly the prompts that are understood", async () => {
    const error = async (prompt: string) => {
      const page = await browser.open(codeRequest(broker.issuer, "prod1", { prompt }).url, loopback);
      return page.stopped === undefined ? undefined : new URL(page.stopped).searchParams.get("error");
    };
    for (const prompt of list("prompt_values_supported"))
      expect(await error(prompt), prompt).not.toBe("invalid_request");
    expect(await error("create")).toBe("invalid_request");
  });

  test("lists exactly the response types and modes that are answered", async () => {
    const told = async (more: Record<string, string>) => {
      const page = await new Browser().open(codeRequest(broker.issuer, "prod1", more).url, loopback);
      return page.stopped;
    };
    expect([list("response_types_supported"), list("response_modes_supported")]).toEqual([["code"], ["query"]]);
    expect(await told({ response_type: "code", response_mode: "query" })).toBeUndefined();
    for (const response_type of ["id_token", "token", "code token", "code id_token token", "none"]) {
      expect(await told({ response_type }), response_type).toContain("error=unsupported_response_type");
    }
    for (const response_mode of ["fragment", "form_post", "query.jwt"]) {
      expect(await told({ response_mode }), response_mode).toContain("error=invalid_request");
    }
  });

  test("lists the ways of client authentication that work, and only those", async () => {
    const token = "x";
    const works: Record<string, () => Promise<number>> = {
      client_secret_basic: async () => (await broker.asSecret("/introspect", "cloud", { token })).status,
      client_secret_post: async () => {
        const body = new URLSearchParams({ token, client_id: "cloud", client_secret: broker.secret });
        return (await fetch(`${broker.issuer}/introspect`, { method: "POST", body })).status;
      },
      private_key_jwt: async () => (await broker.asKeyed("/introspect", "front", { token })).status,
    };
    expect(list("introspection_endpoint_auth_methods_supported").sort()).toEqual(Object.keys(works).sort());
    for (const [method, send] of Object.entries(works)) expect(await send(), method).toBe(200);
    expect(list("token_endpoint_auth_methods_supported").sort()).toEqual([...Object.keys(works), "none"].sort());
  });
});

describe("3: the keys", () => {
  test("hold nothing private, have distinct names and say that they are for signatures", async () => {
    const { keys } = (await (await fetch(String(metadata["jwks_uri"]))).json()) as { keys: Record<string, string>[] };
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys.map((key) => key["kid"])).size).toBe(keys.length);
    for (const key of keys) {
      expect(key).toMatchObject({ kty: "EC", use: "sig", alg: "ES256" });
      for (const name of ["d", "p", "q", "k"]) expect(key).not.toHaveProperty(name);
    }
  });
});
