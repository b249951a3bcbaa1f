import { expect, test } from "vitest";
import { shared } from "../../support/shared.ts";
import { bootSuite } from "./relying-party.ts";

const suite = shared(() => bootSuite());

/** Members that the specification knows as lists of texts. */
const lists = [
  "scopes_supported",
  "response_types_supported",
  "response_modes_supported",
  "grant_types_supported",
  "subject_types_supported",
  "claims_supported",
  "code_challenge_methods_supported",
  "id_token_signing_alg_values_supported",
  "token_endpoint_auth_methods_supported",
  "token_endpoint_auth_signing_alg_values_supported",
];

test("oidcc-discovery-endpoint-verification: the document is JSON, of this issuer, and each member of its form", async () => {
  const answer = await fetch(`${suite.issuer}/.well-known/openid-configuration`);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
  const metadata = await suite.metadata();
  expect(metadata).toMatchObject({
    issuer: suite.issuer,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  });
  for (const name of lists) {
    const list = metadata[name] as string[];
    expect(list.length, name).toBeGreaterThan(0);
    expect(list.every((text) => typeof text === "string") && new Set(list).size === list.length, name).toBe(true);
  }
  expect(metadata["grant_types_supported"]).toContain("authorization_code");
  expect(metadata["scopes_supported"]).toContain("openid");
  expect(metadata["token_endpoint_auth_signing_alg_values_supported"]).not.toContain("none");
});

test("oidcc-discovery-endpoint-verification: every address is of the issuer, so https wherever it is", async () => {
  const metadata = await suite.metadata();
  const addresses = Object.entries(metadata).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
  expect(addresses.length).toBeGreaterThan(7);
  for (const [name, address] of addresses) {
    expect(String(address).startsWith(`${suite.issuer}/`), name).toBe(true);
    expect(new URL(String(address)).hash, name).toBe("");
  }
});

test("oidcc-discovery-endpoint-verification: the keys are public, for signatures, and each has a name of its own", async () => {
  const { keys } = (await (await fetch(`${suite.issuer}/jwks`)).json()) as { keys: Record<string, string>[] };
  expect(keys.length).toBeGreaterThan(0);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  for (const key of keys) {
    expect(key).toMatchObject({ kty: "EC", crv: "P-256", use: "sig", alg: "ES256" });
    expect(Object.keys(key)).not.toContain("d");
  }
});
