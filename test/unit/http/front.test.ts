import type { RequestListener } from "node:http";
import request from "supertest";
import { beforeEach, describe, expect, test } from "vitest";
import { err, Fault, makeSeal, ok, refusal, Secret, seconds, systemRandom } from "../../../src/core/index.ts";
import { assetRoutes } from "../../../src/http/assets.ts";
import {
  addressReader,
  createFront,
  createLog,
  createSessions,
  json,
  pageRoute,
  type Request,
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
  ...assetRoutes(),
  route("/form", { method: "POST", handle: ({ form }) => ok(json(Object.fromEntries(form))) }),
];

function front(more: readonly Route[] = []) {
  const store = createMemoryStore({ clock, random: systemRandom });
  const seal = makeSeal(new Secret("m".repeat(48)), systemRandom);
  const times = { lifetime: seconds(600), idle: seconds(300), insecure: false };
  const sessions = createSessions({ store, seal, clock, random: systemRandom }, times);
  const log = createLog("debug", { write: (line: string) => void lines.push(line) });
  return createFront({
    issuer: "https://login.example",
    routes: [...routes, ...more],
    sessions,
    clock,
    log,
    address: addressReader([]),
    insecure: false,
  });
}

describe("the front of the house", () => {
  let app: RequestListener;
  beforeEach(() => {
    app = front();
  });

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

  test("a file says what it is, so that browsers that do not guess take it", async () => {
    const style = await request(app).get("/assets/style.css").expect(200);
    expect(style.headers).toMatchObject({
      "content-type": "text/css; charset=utf-8",
      "cache-control": "public, max-age=3600",
    });
    expect((await request(app).get("/assets/icon.svg").expect(200)).type).toBe("image/svg+xml");
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
    ["a fault is 503 and may be tried again", "fault", 503, "temporarily_unavailable"],
    ["a bug is 500", "bug", 500, "server_error"],
  ])("%s; its cause stays in the house, its id does not", async (_what, kind, status, error) => {
    const answer = await request(app).get(`/${kind}`).expect(status);
    const id = answer.headers["x-request-id"];
    const logged = lines.map((line) => JSON.parse(line)).filter((line) => line.id === id && line.err);
    expect(logged).toEqual([expect.objectContaining({ msg: kind })]);
    expect(logged[0].dependency).toBe(kind === "fault" ? "keycloak" : undefined);
    expect(answer.body.error).toBe(error);
    expect(answer.text).not.toContain("hunter2");
    expect(answer.text).toContain(id);
    expect(answer.headers["retry-after"]).toBe(status === 503 ? "5" : undefined);
  });
});

describe("what a handler is given", () => {
  const seen: Request[] = [];
  const note = ({ address, ...rest }: Request) => {
    seen.push({ ...rest, address });
    return ok(json({}));
  };
  let app: RequestListener;
  beforeEach(() => {
    app = front([
      route("/seen", { handle: note }),
      route("/seen", { method: "POST", handle: note }),
      route("/told", { method: "POST", tellsRepetition: true, handle: note }),
      { ...pageRoute("GET", "/seen-page", note), typed: true },
      { ...pageRoute("POST", "/sent-page", note), typed: true },
      route("/parts/{one}/{two}", { handle: note }),
    ]);
  });
  const last = () => seen.at(-1) ?? expect.unreachable();

  test("query and form, each once, decoded; what has no value was not sent", async () => {
    await request(app).post("/seen?q=1&empty=&r=%20x").type("form").send("f=a+b&g=").expect(200);
    expect([...last().query]).toEqual([
      ["q", "1"],
      ["r", " x"],
    ]);
    expect([...last().form]).toEqual([["f", "a b"]]);
    expect(last()).toMatchObject({ method: "POST", path: "/seen", json: undefined });
    expect(last()).not.toHaveProperty("repetition");
  });

  test("parts of the path, and HEAD as GET", async () => {
    await request(app).head("/parts/a%20b/c?x=/parts").expect(200);
    expect(last()).toMatchObject({ method: "GET", path: "/parts/a%20b/c" });
    expect([...last().params]).toEqual([
      ["one", "a b"],
      ["two", "c"],
    ]);
  });

  test("what was repeated, in query or form, only where a route tells it itself", async () => {
    const before = seen.length;
    await request(app).get("/seen?a=1&a=2").expect(400);
    await request(app).post("/seen?a=1").type("form").send("a=2&a=3").expect(400);
    expect(seen).toHaveLength(before);
    for (const [query, form] of [
      ["?a=1&a=2", "b=1"],
      ["", "a=1&a=2"],
    ]) {
      await request(app).post(`/told${query}`).type("form").send(form).expect(200);
      expect(last().repetition).toMatchObject({ code: "invalid_request" });
      expect([last().query.has("a"), last().form.has("a")]).toEqual([false, false]);
    }
  });

  test("the headers that count: authorization, one DPoP proof, who asks, cut to what is kept", async () => {
    await request(app)
      .get("/seen")
      .set({ authorization: "Bearer x", dpop: "one", "user-agent": "u".repeat(300) });
    expect(last()).toMatchObject({
      authorization: "Bearer x",
      dpop: "one",
      userAgent: "u".repeat(200),
      language: "en",
    });
    await request(app).get("/seen").set({ "user-agent": "", "accept-language": "de" });
    expect(last()).toMatchObject({ authorization: undefined, dpop: undefined, userAgent: "", language: "de" });
    expect(last().address).toMatch(/^(::ffff:)?127\.0\.0\.1$|^::1$/);
  });

  test("cookies on pages only, and none of a browser's that sends one twice", async () => {
    await request(app).get("/seen").set("cookie", "x=1").expect(200);
    expect(last().cookie("x")).toBeUndefined();
    await request(app).get("/seen-page").set("cookie", "x=1").expect(200);
    expect([last().cookie("x"), last().cookie("y"), last().session]).toEqual(["1", undefined, undefined]);
    const before = seen.length;
    const twice = "__Host-cloudpass=1; __Host-cloudpass=2";
    await request(app).get("/seen-page").set({ cookie: twice, accept: "text/html" }).expect(400);
    expect(seen).toHaveLength(before);
  });

  test("a page that was typed a little differently leads to itself, with its query; nothing else does", async () => {
    for (const path of ["/SEEN-page", "/seen-page/", "//seen-page", "/seen-page.", "/seen-page)", "/seen-page%20"]) {
      const answer = await request(app).get(`${path}?a=b%20c`).expect(303);
      expect(answer.headers["location"]).toBe("/seen-page?a=b+c");
    }
    expect((await request(app).get("/Seen-Page").expect(303)).headers["location"]).toBe("/seen-page");
    for (const path of ["/SEEN", "/seen/", "/seen-pag", "/seen-page/x"]) await request(app).get(path).expect(404);
    await request(app).post("/SEEN-page").expect(404);
    await request(app).post("/SENT-page").expect(404);
    await request(app).get("/SENT-page").expect(404);
  });
});

test("each request is one line: its id, path as the route has it, status; who waits for a person is told to nobody else", async () => {
  const waiting = route("/waits", { handle: () => err(refusal("authorization_pending", "not yet")) });
  const app = front([waiting, route("/parts/{one}", { handle: () => ok(json({})) })]);
  const lineOf = async (path: string) => {
    lines.length = 0;
    const answer = await request(app).get(path);
    const own = lines.map((line): Record<string, unknown> => JSON.parse(line)).filter(({ msg }) => msg === "request");
    expect(own.map(({ id }) => id)).toEqual([answer.headers["x-request-id"]]);
    return own[0];
  };
  expect(await lineOf("/parts/secret?code=secret")).toMatchObject({
    method: "GET",
    path: "/parts/{one}",
    status: 200,
    ms: 0,
  });
  expect(await lineOf("/nowhere/secret")).toMatchObject({ path: "(unknown)", status: 404 });
  const info = (await lineOf("/public"))?.["level"];
  expect((await lineOf("/api"))?.["level"]).toBe(info);
  expect((await lineOf("/waits"))?.["level"]).not.toBe(info);
  expect(JSON.stringify([await lineOf("/parts/secret"), await lineOf("/secret")])).not.toContain("secret");
});
