import * as oauth from "openid-client";
import { describe, expect, test } from "vitest";
import { boot } from "../../support/boot.ts";
import { shared } from "../../support/shared.ts";

const broker = shared(boot);

const documents = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];
const read = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${broker.issuer}${path}`, { headers });
  return { response, body: (await response.json()) as Record<string, unknown> };
};

describe.each(documents)("rfc8414 3: %s", (path) => {
  test("3.1: is had by GET, and by nothing else", async () => {
    expect((await read(path)).response.status).toBe(200);
    expect((await fetch(`${broker.issuer}${path}`, { method: "HEAD" })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE"])
      expect((await fetch(`${broker.issuer}${path}`, { method })).status).toBe(405);
    expect((await fetch(`${broker.issuer}${path}/x`)).status).toBe(404);
  });

  test("3.2: is a JSON object, whatever the client accepts; any page may read it, for five minutes", async () => {
    const { response, body } = await read(path, { accept: "text/html" });
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("pragma")).toBeNull();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(Array.isArray(body)).toBe(false);
  });

  test("3.2: has no empty member", async () => {
    const { body } = await read(path);
    const empty = (value: unknown) => value === null || value === "" || (Array.isArray(value) && value.length === 0);
    expect(Object.entries(body).filter(([, value]) => empty(value))).toEqual([]);
    for (const [name, value] of Object.entries(body))
      if (Array.isArray(value)) expect(new Set(value).size, name).toBe(value.length);
  });

  test("3.3: says the issuer byte for byte, and only addresses below it", async () => {
    const { body } = await read(path);
    expect(body["issuer"]).toBe(broker.issuer);
    for (const [name, value] of Object.entries(body)) {
      if (/_(endpoint|uri)$/.test(name)) expect(String(value).startsWith(`${broker.issuer}/`), name).toBe(true);
    }
  });

  test("S-53: is the same whatever Host, query and forwarded headers say", async () => {
    const headers = {
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      forwarded: "host=evil.example",
    };
    const { body } = await read(`${path}?issuer=https://evil.example`, headers);
    expect(body).toEqual((await read(path)).body);
  });
});

test("rfc8414 5: both documents say the same", async () => {
  const [a, b] = await Promise.all(documents.map((path) => read(path)));
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
