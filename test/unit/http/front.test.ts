import request from "supertest";
import { describe, expect, test } from "vitest";
import { err, Fault, makeSeal, ok, refusal, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import {
  addressReader,
  createFront,
  createLog,
  createSessions,
  json,
  pageRoute,
  type Route,
  type RouteOf,
} from "../../../src/http/index.ts";
import { createMemoryStore } from "../../../src/store/index.ts";
import { heldClock } from "../../support/held-clock.ts";

const clock = heldClock();
const lines: string[] = [];

const route = (path: string, more: Partial<RouteOf<"oauth">> & Pick<RouteOf<"oauth">, "handle">): Route => ({
  method: "GET",
  path,
  errorFormat: "oauth",
  ...more,
});

const routes: Route[] = [
  route("/public", { public: { maxAge: seconds(60) }, handle: () => ok(json({ keys: [] })) }),
  {
    method: "GET",
    path: "/api",
    errorFormat: "bearer",
    handle: () => err(refusal("invalid_token", "the token has expired", "exp")),
  },
  pageRoute("GET", "/page", () => ok({ kind: "page", status: 200, html: "<h1>hello</h1>" })),
  route("/fault", {
    handle: () => Promise.reject(new Fault("keycloak", "asking", { cause: new Error("pw=hunter2") })),
  }),
  route("/bug", { handle: () => Promise.reject(new Error("pw=hunter2")) }),
  route("/form", { method: "POST", handle: ({ form }) => ok(json(Object.fromEntries(form))) }),
];

function front() {
  const store = createMemoryStore({ clock, random: systemRandom });
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const times = { lifetime: seconds(600), idle: seconds(300), insecure: false };
  const sessions = createSessions({ store, seal, clock, random: systemRandom }, times);
  const log = createLog("debug", { write: (line: string) => void lines.push(line) });
  return createFront({
    issuer: "https://login.example",
    routes,
    sessions,
    clock,
    log,
    address: addressReader([]),
    insecure: false,
  });
}

describe("the front of the house", () => {
  const app = front();

  test("an answer is kept by nobody, names no software and cannot be framed", async () => {
    const answer = await request(app).get("/page").set("accept", "text/html").expect(200);
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
      "strict-transport-security": expect.stringContaining("max-age="),
    });
    expect(answer.headers).not.toHaveProperty("x-powered-by");
    expect(answer.headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("what is public may be kept and read from anywhere, and has no body for HEAD", async () => {
    const answer = await request(app).get("/public").expect(200, { keys: [] });
    expect(answer.headers).toMatchObject({ "cache-control": "public, max-age=60", "access-control-allow-origin": "*" });
    const head = await request(app).head("/public").expect(200);
    expect(head.text ?? "").toBe("");
  });

  test("a foreign method, path or media type is refused by its status, in the words of the route", async () => {
    const wrong = await request(app).post("/public").expect(405);
    expect(wrong.headers["allow"]).toBe("GET");
    expect((await request(app).get("/form").expect(405)).headers["allow"]).toBe("POST");
    await request(app).get("/nothing").set("accept", "application/json").expect(404);
    expect((await request(app).get("/nothing").set("accept", "text/html").expect(404)).type).toBe("text/html");
    await request(app).post("/form").send({ a: 1 }).expect(415);
    await request(app).post("/form").type("form").send("a=1&b=2").expect(200, { a: "1", b: "2" });
    expect((await request(app).post("/form").type("form").send("a=1&a=2").expect(400)).body.error).toBe(
      "invalid_request",
    );
  });

  test("a bearer API challenges (RFC 6750 section 3)", async () => {
    const answer = await request(app).get("/api").expect(401);
    expect(answer.headers["www-authenticate"]).toContain('error="invalid_token"');
  });

  test.each([
    ["a fault is 503 and may be tried again", "/fault", 503, "temporarily_unavailable"],
    ["a bug is 500", "/bug", 500, "server_error"],
  ])("%s; its cause stays in the house, its id does not", async (_what, path, status, error) => {
    const answer = await request(app).get(path).expect(status);
    expect(answer.body.error).toBe(error);
    expect(answer.text).not.toContain("hunter2");
    expect(answer.text).toContain(answer.headers["x-request-id"]);
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "5" : undefined);
  });
});
