import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Fault, seconds } from "../../../src/core/index.ts";
import { makeGuardedFetch, rulesFor } from "../../../src/http-client/index.ts";
import { recheckClaims } from "../../../src/relying-party/claims/recheck.ts";
import type { RecheckRule } from "../../../src/relying-party/index.ts";

type Answer = (req: IncomingMessage, res: ServerResponse) => void;
const respond =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_req, res) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(typeof body === "string" ? body : JSON.stringify(body));
  };

let server: Server;
let base: string;
/** What the realm's token endpoint and the identity provider's userinfo answer; changed by each test. */
let [stored, userinfo]: [Answer, Answer] = [respond(500, ""), respond(500, "")];
let asked: string[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(`${req.url} ${req.headers.authorization ?? ""}`);
    if (req.url?.startsWith("/realm/broker/")) return stored(req, res);
    if (req.url === "/idp/userinfo") return userinfo(req, res);
    if (req.url === "/idp/.well-known/openid-configuration")
      return respond(200, { issuer: `${base}/idp`, userinfo_endpoint: `${base}/idp/userinfo` })(req, res);
    respond(404, "")(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  asked = [];
  stored = respond(200, { access_token: "stored" });
  userinfo = respond(200, { sub: "u", groups: ["now"] });
});

const realmClaims = { sub: "s", groups: ["then"], department: "web", name: "Ann" };

async function recheck(
  recheck: RecheckRule["recheck"],
  claims: object = realmClaims,
  given: readonly string[] = ["groups", "department"],
  shapes: NonNullable<RecheckRule["shapes"]> = [],
): Promise<unknown> {
  const rule = { alias: "customer-a-idp", issuer: `${base}/idp`, recheck, claims: given, shapes };
  const options = {
    issuer: `${base}/realm`,
    clientId: "c",
    scopes: [],
    allowInsecureLoopback: true,
    timeout: seconds(1),
  };
  const deps = {
    options,
    identityProviders: { rechecks: () => new Map([[rule.alias, rule]]) },
    fetch: makeGuardedFetch(rulesFor(["127.0.0.1/32"], { timeoutMs: 1000 })),
  };
  try {
    const result = await recheckClaims(deps, rule.alias, claims as never, "of-the-realm");
    return result.ok ? result.value : result.refusal.code;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `fault of ${error.dependency}`;
  }
}

describe("the identity provider's present word", () => {
  test("replaces the claims that are its to give, and takes away those it no longer gives", async () => {
    expect(await recheck("required")).toEqual({ sub: "s", name: "Ann", groups: ["now"] });
    expect(asked).toContain("/realm/broker/customer-a-idp/token Bearer of-the-realm");
    expect(asked).toContain("/idp/userinfo Bearer stored");
  });

  test("too many groups for an answer are unknown, never none", async () => {
    userinfo = respond(200, { sub: "u", _claim_names: { groups: "src1" } });
    expect(await recheck("required")).toMatchObject({ _claim_names: { groups: "src1" } });
  });

  test("and what the realm remembers of an earlier overage is gone when the groups are whole", async () => {
    expect(await recheck("required", { ...realmClaims, _claim_names: { groups: "old" } })).toEqual({
      sub: "s",
      name: "Ann",
      groups: ["now"],
    });
  });

  test("where userinfo gives no claims, those of the login stand, with what did not fit in", async () => {
    const login = { ...realmClaims, _claim_names: { groups: "src1" } };
    expect(await recheck("best-effort", login, [])).toEqual(login);
    userinfo = respond(401, {});
    expect(await recheck("best-effort", login, [])).toBe("login_failed");
  });

  describe("is read where the file says that a claim stands (R10)", () => {
    const from = (from: string) =>
      recheck("required", realmClaims, ["groups"], [{ name: "groups", type: "list", from }]);

    test.each([
      ["another name", "memberOf", { memberOf: ["there"], groups: ["of another kind"] }],
      ["a URL", "https://acme\\.example/roles", { "https://acme.example/roles": ["there"] }],
      ["a way into an object", "app.roles", { app: { roles: ["there"] } }],
    ])("%s", async (_what, name, claims) => {
      userinfo = respond(200, { sub: "u", ...claims });
      expect(await from(name)).toMatchObject({ groups: ["there"], department: "web" });
    });

    test("a claim of our name there is not taken for it", async () => {
      userinfo = respond(200, { sub: "u", groups: ["of another kind"] });
      expect(await from("memberOf")).toEqual({ sub: "s", department: "web", name: "Ann" });
    });

    test("what did not fit in is known by its name there, and becomes ours", async () => {
      userinfo = respond(200, { sub: "u", _claim_names: { "https://acme.example/roles": "src1" } });
      expect(await from("https://acme\\.example/roles")).toMatchObject({ _claim_names: { groups: "src1" } });
      userinfo = respond(200, { sub: "u", memberOf: ["there"], _claim_names: { groups: "src1" } });
      expect(await from("memberOf")).toMatchObject({ groups: ["there"], _claim_names: {} });
    });
  });

  const idToken = (sub: unknown) => `x.${Buffer.from(JSON.stringify({ sub })).toString("base64url")}.y`;
  test("counts for the person of the login and for nobody else (S-75)", async () => {
    stored = respond(200, { access_token: "stored", id_token: idToken("u") });
    expect(await recheck("required")).toMatchObject({ groups: ["now"] });
    stored = respond(200, { access_token: "stored", id_token: idToken("somebody else") });
    expect([await recheck("required"), await recheck("best-effort")]).toEqual(["login_failed", "login_failed"]);
  });

  const refusals: [string, () => void][] = [
    ["its userinfo says 401", () => (userinfo = respond(401, {}))],
    ["its userinfo says 403", () => (userinfo = respond(403, {}))],
    ["the realm has no token of it: 400", () => (stored = respond(400, {}))],
    ["the realm does not give its token: 403", () => (stored = respond(403, {}))],
    ["the realm no longer knows our token: 401", () => (stored = respond(401, {}))],
  ];
  test.each(refusals)("refuses when %s, required or best-effort", async (_when, set) => {
    set();
    expect([await recheck("required"), await recheck("best-effort")]).toEqual(["login_failed", "login_failed"]);
  });

  const silences: [string, string, () => void][] = [
    ["userinfo says 500", "identity provider customer-a-idp", () => (userinfo = respond(500, {}))],
    ["userinfo says 429", "identity provider customer-a-idp", () => (userinfo = respond(429, {}))],
    [
      "userinfo says HTML",
      "identity provider customer-a-idp",
      () => (userinfo = respond(200, "<html>", { "content-type": "text/html" })),
    ],
    [
      "userinfo says half a body",
      "identity provider customer-a-idp",
      () => (userinfo = respond(200, '{"sub": "u", "gro')),
    ],
    ["userinfo says nothing", "identity provider customer-a-idp", () => (userinfo = respond(200, "null"))],
    ["userinfo says a list", "identity provider customer-a-idp", () => (userinfo = respond(200, "[]"))],
    ["userinfo says text", "identity provider customer-a-idp", () => (userinfo = respond(200, '"groups"'))],
    ["userinfo names nobody", "identity provider customer-a-idp", () => (userinfo = respond(200, { groups: ["all"] }))],
    ["userinfo names a list", "identity provider customer-a-idp", () => (userinfo = respond(200, { sub: ["u"] }))],
    ["userinfo names an empty text", "identity provider customer-a-idp", () => (userinfo = respond(200, { sub: "" }))],
    ["userinfo hangs up", "identity provider customer-a-idp", () => (userinfo = (req) => req.socket.destroy())],
    [
      "userinfo sends us elsewhere",
      "identity provider customer-a-idp",
      () => (userinfo = respond(302, "", { location: "http://169.254.169.254/" })),
    ],
    ["the realm says 500", "keycloak", () => (stored = respond(500, {}))],
    ["the realm says 404", "keycloak", () => (stored = respond(404, {}))],
    ["the realm says no token", "keycloak", () => (stored = respond(200, { access_token: 7 }))],
    ["the realm says HTML", "keycloak", () => (stored = respond(200, "<html>"))],
  ];
  test.each(silences)(
    "when %s: no token if it is required, the realm's word if not",
    async (_when, dependency, set) => {
      set();
      expect(await recheck("required")).toBe(`fault of ${dependency}`);
      expect(await recheck("best-effort")).toEqual(realmClaims);
    },
  );

  test("does not answer within the time given: the same", async () => {
    userinfo = () => undefined;
    const started = performance.now();
    expect(await recheck("required")).toBe("fault of identity provider customer-a-idp");
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  test("is never asked when the rule is none, or there is no rule", async () => {
    expect(await recheck("none")).toEqual(realmClaims);
    expect(asked).toEqual([]);
  });
});
