import request from "supertest";
import { describe, expect, test } from "vitest";
import { ok } from "../../../src/core/index.ts";
import { json, type Route } from "../../../src/http/index.ts";
import { createRouter, pathOf, queryOf } from "../../../src/http/router.ts";

const route = (method: Route["method"], path: string): Route => ({
  method,
  path,
  errorFormat: "oauth",
  handle: () => ok(json({})),
});

const routes = [
  route("GET", "/token"),
  route("POST", "/token"),
  route("GET", "/api/tenants/{tenant}"),
  route("PUT", "/api/tenants/{tenant}"),
  route("GET", "/api/tenants/{tenant}/people/{person}"),
  route("GET", "/api/tenants/mine"),
];

/** Says what was found, as JSON. */
const listener = () =>
  createRouter(routes, false, (_req, res, { routes: own, params }) => {
    const found = {
      routes: own.map(({ method, path }) => `${method} ${path}`),
      params: params.ok ? Object.fromEntries(params.value) : params.refusal.code,
    };
    res.end(JSON.stringify(found));
  });

const found = async (url: string): Promise<{ routes: string[]; params: unknown }> =>
  JSON.parse((await request(listener()).get(url)).text);

describe("the router", () => {
  test("finds every method of a path, whatever the query", async () => {
    expect(await found("/token?x=/api")).toEqual({ routes: ["GET /token", "POST /token"], params: {} });
  });

  test("hands out parts of a path, decoded once", async () => {
    expect(await found("/api/tenants/customer-a")).toEqual({
      routes: ["GET /api/tenants/{tenant}", "PUT /api/tenants/{tenant}"],
      params: { tenant: "customer-a" },
    });
    expect((await found("/api/tenants/a%20b/people/%2525")).params).toEqual({ tenant: "a b", person: "%25" });
    expect((await found("/api/tenants/%C3%BC")).params).toEqual({ tenant: "ü" });
  });

  test("a path without parameters goes first", async () => {
    expect((await found("/api/tenants/mine")).routes).toEqual(["GET /api/tenants/mine"]);
  });

  test.each(["/", "/api/tenants", "/api/tenants/", "/api/tenants/a/", "/api/tenants//people/b", "/API/tenants/a"])(
    "%j is nothing",
    async (url) => expect(await found(url)).toEqual({ routes: [], params: {} }),
  );

  test("reads a whole address as its path, and none that is malformed", () => {
    expect(pathOf("http://evil.example/token?a=b")).toBe("/token");
    expect(pathOf("https://evil.example")).toBe("/");
    expect(pathOf("http://[evil/token")).toBeUndefined();
    expect(pathOf("/http://x/token")).toBe("/http://x/token");
  });

  test("a question mark within the query belongs to it", () => {
    expect(queryOf("/token?a=b?c")).toBe("a=b?c");
    expect(queryOf("/token")).toBe("");
  });

  test.each(["/a/{b", "/a/x{b}", "/a/{b}.json"])("takes no pattern like %s", (path) => {
    expect(() => createRouter([route("GET", path)], false, () => undefined)).toThrow("a whole part of a path");
  });
});
