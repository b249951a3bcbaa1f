import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault, seconds } from "../../src/core/index.ts";
import { makeGuardedFetch, rulesFor } from "../../src/http-client/index.ts";
import { makeDiscover } from "../../src/realms/index.ts";
import { recheckClaims } from "../../src/relying-party/claims/recheck.ts";
import { listen, stopServer } from "../support/loopback.ts";

// The server plays the realm, the identity provider, and an inner service on another address that nobody may ask.

let server: Server;
let inner: Server;
let origin: string;
let innerUrl: string;
let metadata: Record<string, unknown> = {};
let asked: string[] = [];
let askedInside = 0;
beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(request.url ?? "");
    const bodies: Record<string, object> = {
      "/userinfo": { sub: "u" },
      "/realm/broker/a-idp/token": { access_token: "t" },
    };
    const body = bodies[request.url ?? ""] ?? metadata;
    answer.setHeader("content-type", "application/json").end(JSON.stringify(body));
  });
  inner = createServer((_request, answer) => {
    askedInside++;
    answer.setHeader("content-type", "application/json").end("{}");
  });
  origin = `http://${await listen(server)}`;
  innerUrl = `http://${await listen(inner, "127.0.0.2")}`;
});
afterAll(async () => {
  for (const made of [server, inner]) await stopServer(made);
});
const rules = rulesFor(["127.0.0.1/32"], { timeoutMs: 1_000 });
beforeEach(() => {
  [asked, askedInside] = [[], 0];
  metadata = {
    issuer: origin,
    authorization_endpoint: `${origin}/auth`,
    token_endpoint: `${origin}/exchange`,
    userinfo_endpoint: `${origin}/userinfo`,
    jwks_uri: `${origin}/keys`,
  };
});

/** A re-check at refresh, as the running broker does it. */
async function recheck(): Promise<string> {
  const rule = { alias: "a-idp", issuer: origin, recheck: "required" as const, claims: [] };
  const options = {
    issuer: `${origin}/realm`,
    clientId: "c",
    scopes: [],
    allowInsecureLoopback: true,
    timeout: seconds(1),
  };
  const deps = {
    options,
    fetch: makeGuardedFetch(rules),
    identityProviders: { rechecks: () => new Map([["a-idp", rule]]) },
  };
  return recheckClaims(deps, "a-idp", {}, "token").then(
    (result) => (result.ok ? "asked" : "refused"),
    (problem: unknown) => (problem instanceof Fault ? problem.message : Promise.reject(problem)),
  );
}
const discover = () =>
  makeDiscover(rules)(origin).then(
    () => "found",
    (problem: unknown) => (problem instanceof Fault ? problem.message : Promise.reject(problem)),
  );

describe("S-40: addresses inside fetched metadata", () => {
  test("are taken when they may be asked", async () => {
    expect([await recheck(), await discover()]).toEqual(["asked", "found"]);
  });

  test("lead the running broker nowhere that the gate does not let it, and carry no token there", async () => {
    metadata["userinfo_endpoint"] = `${innerUrl}/userinfo`;
    expect(await recheck()).toContain("127.0.0.2, which is not a public address");
    expect(askedInside).toBe(0);
  });

  test.each(["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"])(
    "do not reach Keycloak's configuration: %s",
    async (name) => {
      metadata[name] = `https://127.0.0.2/`;
      expect(await discover()).toContain(`its ${name} cannot be used`);
      metadata[name] = "https://169.254.169.254/latest/meta-data";
      expect(await discover()).toContain(`its ${name} cannot be used`);
    },
  );

  test("do not matter in the metadata of another issuer: it is not read", async () => {
    metadata["issuer"] = `${origin}/`;
    expect(await recheck()).toContain("it is another issuer");
    expect(await discover()).toContain("it calls itself");
    expect(asked.filter((path) => path === "/userinfo")).toEqual([]);
  });
});
