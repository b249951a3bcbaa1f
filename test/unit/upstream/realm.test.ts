import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault, instant, seconds, systemClock } from "../../../src/core/index.ts";
import { makeKey } from "../../../src/issuer/keys/stored-key.ts";
import { connectRealm, type Realm } from "../../../src/upstream/realm.ts";

interface Says {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

let server: Server;
let realm: Realm;
let issuer: string;
const good = {
  token: { status: 200, body: { access_token: "a", token_type: "Bearer", refresh_token: "r2" } },
  userinfo: { status: 200, body: { sub: "s1", groups: ["x"] } },
};
let says: { token: Says; userinfo: Says } = good;
let discovered = 0;

beforeAll(async () => {
  server = createServer((req, res) => {
    const metadata = {
      issuer,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      authorization_endpoint: `${issuer}/auth`,
      jwks_uri: `${issuer}/jwks`,
    };
    if (req.url?.startsWith("/.well-known")) discovered++;
    const answer =
      req.url === "/token" ? says.token : req.url === "/userinfo" ? says.userinfo : { status: 200, body: metadata };
    res.writeHead(answer.status, { "content-type": "application/json", ...("headers" in answer && answer.headers) });
    res.end(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clientKey = await makeKey("client", "active", { ...systemClock, now: () => instant(1_800_000_000) });
  realm = connectRealm({
    issuer: "https://login.example",
    options: { issuer, clientId: "cloudpass", scopes: ["openid"], allowInsecureLoopback: true, timeout: seconds(2) },
    clientKey: () => clientKey,
    clock: systemClock,
  });
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  says = { ...good };
});

async function refresh(): Promise<string> {
  try {
    const answer = await realm.refresh("r1", "s1");
    return answer.ok ? `claims ${JSON.stringify(answer.value.claims)}` : answer.refusal.code;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `fault of ${error.dependency}`;
  }
}

const challenge = (scheme: string, error: string) => ({ "www-authenticate": `${scheme} realm="r", error="${error}"` });

describe("what the realm says at a refresh", () => {
  test.each<[string, Partial<typeof says>, string]>([
    ["a person who may go on", {}, 'claims {"sub":"s1","groups":["x"]}'],
    ["invalid_grant: the person may not", { token: { status: 400, body: { error: "invalid_grant" } } }, "login_failed"],
    [
      "401 of userinfo: the person may not",
      { userinfo: { status: 401, body: {}, headers: challenge("Bearer", "invalid_token") } },
      "login_failed",
    ],
    ["userinfo of somebody else", { userinfo: { status: 200, body: { sub: "s2" } } }, "login_failed"],
    [
      "invalid_client: we may not, nobody's login ends",
      { token: { status: 401, body: { error: "invalid_client" } } },
      "fault of keycloak",
    ],
    [
      "invalid_client with a challenge: the same",
      { token: { status: 401, body: { error: "invalid_client" }, headers: challenge("Basic", "invalid_client") } },
      "fault of keycloak",
    ],
    ["unauthorized_client", { token: { status: 400, body: { error: "unauthorized_client" } } }, "fault of keycloak"],
    ["500", { token: { status: 500, body: "" } }, "fault of keycloak"],
    ["429", { token: { status: 429, body: {} } }, "fault of keycloak"],
    ["HTML", { token: { status: 200, body: "<html>", headers: { "content-type": "text/html" } } }, "fault of keycloak"],
    ["half an answer", { token: { status: 200, body: { token_type: "Bearer" } } }, "fault of keycloak"],
    ["503 of userinfo", { userinfo: { status: 503, body: "" } }, "fault of keycloak"],
    [
      "403 of userinfo",
      { userinfo: { status: 403, body: {}, headers: challenge("Bearer", "insufficient_scope") } },
      "fault of keycloak",
    ],
  ])("%s", async (_what, answers, outcome) => {
    says = { ...good, ...answers };
    expect(await refresh()).toBe(outcome);
  });

  test("its metadata is read once, by many at the same time too", async () => {
    discovered = 0;
    await Promise.all(Array.from({ length: 5 }, refresh));
    expect(discovered).toBeLessThanOrEqual(1);
  });
});
