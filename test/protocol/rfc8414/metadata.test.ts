import * as oauth from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot } from "../../support/boot.ts";
import { postForm } from "../../support/device-login.ts";

let broker: Booted;
beforeAll(async () => {
  broker = await boot();
});
afterAll(() => broker.stop());

const read = async (path: string) => {
  const response = await fetch(`${broker.issuer}${path}`);
  return { response, body: (await response.json()) as Record<string, unknown> };
};
const documents = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

describe.each(documents)("%s", (path) => {
  test("rfc8414 3.3: says the issuer byte for byte, and only addresses below it", async () => {
    const { body } = await read(path);
    expect(body["issuer"]).toBe(broker.issuer);
    for (const [name, value] of Object.entries(body)) {
      if (/_(endpoint|uri)$/.test(name)) expect(String(value).startsWith(`${broker.issuer}/`), name).toBe(true);
    }
  });

  test("is the same whatever Host and forwarded headers say (S-53)", async () => {
    const headers = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "host=evil.example",
    };
    const response = await fetch(`${broker.issuer}${path}`, { headers });
    expect(await response.text()).not.toContain("evil.example");
  });

  test("may be read by any page and kept for five minutes", async () => {
    const { headers } = (await read(path)).response;
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    expect(headers.get("access-control-allow-origin")).toBe("*");
  });

  test("lists only what works: every endpoint is there, every grant type is understood, nothing else is", async () => {
    const { body } = await read(path);
    const endpoints = Object.entries(body).filter(
      ([name]) => name.endsWith("_endpoint") && name !== "authorization_endpoint",
    );
    for (const [name, url] of endpoints) {
      expect((await fetch(String(url), { method: "POST" })).status, name).not.toBe(404);
    }
    const listed = body["grant_types_supported"] as string[];
    const understood = async (grant_type: string) =>
      (await postForm(`${broker.issuer}/token`, { client_id: "cloudpass", grant_type })).body["error"] !==
      "unsupported_grant_type";
    for (const grant of listed) expect(await understood(grant), grant).toBe(true);
    for (const grant of ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "toString"]) {
      expect(await understood(grant), grant).toBe(false);
    }
  });

  test("lists the device grant, S256 alone, and the algorithm that signs", async () => {
    const { body } = await read(path);
    expect(body).toMatchObject({
      code_challenge_methods_supported: ["S256"],
      id_token_signing_alg_values_supported: ["ES256"],
      device_authorization_endpoint: `${broker.issuer}/device_authorization`,
    });
    expect(body["grant_types_supported"]).toContain("urn:ietf:params:oauth:grant-type:device_code");
  });
});

test("both documents say the same", async () => {
  const [a, b] = await Promise.all(documents.map(read));
  expect(a?.body).toEqual(b?.body);
});

test("openid-client discovers us by either", async () => {
  for (const algorithm of ["oidc", "oauth2"] as const) {
    const options = { algorithm, execute: [oauth.allowInsecureRequests] };
    const found = await oauth.discovery(new URL(broker.issuer), "cloudpass", undefined, oauth.None(), options);
    expect(found.serverMetadata().issuer).toBe(broker.issuer);
  }
});

test("rfc7517: the keys are public, named and kept for a minute", async () => {
  const { response, body } = await read("/jwks");
  expect(response.headers.get("cache-control")).toBe("public, max-age=60");
  for (const key of body["keys"] as object[]) {
    expect(Object.keys(key).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x", "y"]);
  }
});
