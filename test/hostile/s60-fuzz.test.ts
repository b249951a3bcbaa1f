import { request } from "node:http";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { MemoryStore } from "../../src/store/memory.ts";
import { boot } from "../support/boot.ts";
import { shared } from "../support/shared.ts";
import { cookieOfBob, parameters, paths } from "./front-door.ts";

let cookie: string;
const broker = shared(boot);
beforeAll(async () => {
  cookie = await cookieOfBob(broker.issuer);
});

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
interface Heard {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Sends what fetch would refuse to: any path, any header text that a socket can carry. */
function shoot(shot: Shot): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(broker.issuer);
    const req = request({ hostname, port, method: shot.method, path: shot.path, headers: shot.headers }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (d: string) => (text += d));
      res.on("end", () => resolve({ status: res.statusCode ?? 0, headers: res.headers, text }));
    });
    req.on("error", reject);
    if (["POST", "PUT", "PATCH"].includes(shot.method)) req.write(shot.body);
    req.end();
  });
}

const names = [...parameters, "__proto__", "constructor", "client_id[]", ""];
const values = [
  "",
  "gx1",
  "cloudpass",
  "refresh_token",
  "urn:ietf:params:oauth:grant-type:device_code",
  "openid",
  "urn:cloudpass:target:gx1",
  "S256",
  "approve",
  "BCDF-GHJK-LMNP",
  "__proto__",
  "null",
  "%",
  "%zz",
  "%00",
  "%ff%fe",
  "%u0041",
  "\u202e",
  "'\"<>",
  "../../etc/passwd",
  "x@x",
  "a".repeat(3_000),
  "{}",
  "[]",
  "-1",
  "1e400",
  "ﬀ",
  "😀",
  "\ud83d",
];
const escaped = fc
  .oneof(fc.constantFrom(...values), fc.string({ unit: "binary", maxLength: 40 }))
  .chain((v) => fc.constantFrom(encodeURIComponent(v.toWellFormed()), v.replace(/[^\x21-\x7e]/g, "%F0")));
const pairs = fc
  .array(fc.tuple(fc.constantFrom(...names), escaped), { maxLength: 8 })
  .map((p) => p.map(([n, v]) => `${n}=${v}`).join("&"));
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).map((c) => String.fromCharCode(c === 0x7f ? 0x80 : c)),
  maxLength: 60,
});
const header = fc.oneof(
  printable,
  fc.constantFrom(
    "",
    "Basic",
    "Basic !",
    `Basic ${btoa("gx1:")}`,
    `Basic ${btoa("%:%")}`,
    "Bearer",
    "Bearer a.b.c",
    "http://[",
    "null",
    "https://evil.example",
    "*/*;q=x",
    "text/html",
    "application/json",
  ),
);
const shot: fc.Arbitrary<Shot> = fc.record({
  method: fc.constantFrom(
    "GET",
    "GET",
    "POST",
    "POST",
    "POST",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "PROPFIND",
  ),
  path: fc
    .tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...paths) },
        { weight: 1, arbitrary: printable.map((p) => `/${p.replace(/[^\x21-\x7e]/g, "%F0")}`) },
      ),
      fc.option(pairs),
    )
    .map(([p, q]) => (q === null ? p : `${p}?${q}`)),
  headers: fc
    .tuple(
      fc.dictionary(
        fc.constantFrom(
          "authorization",
          "origin",
          "sec-fetch-site",
          "cookie",
          "accept",
          "user-agent",
          "x-forwarded-for",
          "accept-language",
          "dpop",
          "range",
          "if-none-match",
        ),
        header,
        { maxKeys: 3, noNullPrototype: true },
      ),
      fc.constantFrom(
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded;charset=x",
        "application/json",
        "text/plain",
        "multipart/form-data",
        "",
      ),
      fc.boolean(),
    )
    .map(([h, type, signedIn]) => ({ ...h, "content-type": type, ...(signedIn && { cookie: "SIGNED-IN" }) })),
  body: fc.oneof(
    { weight: 5, arbitrary: pairs },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
    { weight: 1, arbitrary: fc.constant(`a=${"x".repeat(70_000)}`) },
  ),
});

describe("S-60", () => {
  test("no input gives 500: every answer is one of ours, with its headers", async () => {
    await fc.assert(
      fc.asyncProperty(shot, async (s) => {
        const headers = Object.fromEntries(
          Object.entries(s.headers).map(([n, v]) => [n, v === "SIGNED-IN" ? cookie : v]),
        );
        const { status, headers: got, text } = await shoot({ ...s, headers });
        expect(status, text.slice(0, 200)).toBeLessThan(500);
        expect(got["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
        expect(got["cache-control"], "S-59").toMatch(/^(no-store|public, max-age=\d+)$/);
        expect(got["content-security-policy"]).toContain("default-src 'none'");
        if (/json/.test(String(got["content-type"])) && s.method !== "HEAD")
          expect(() => JSON.parse(text)).not.toThrow();
        expect(text).not.toMatch(/\bat .*\.ts:\d+|node_modules|TypeError/);
      }),
      { numRuns: 1_500 },
    );
    expect(broker.lines.filter((l) => l.includes('"msg":"bug"'))).toEqual([]);
  });

  test("malformed requests leave nothing in the store", async () => {
    const store = broker.broker.store as MemoryStore;
    const before = store.held();
    const nobody = fc.record({
      method: fc.constant("POST"),
      path: fc.constantFrom("/token", "/device_authorization", "/revoke"),
      headers: fc.constant({ "content-type": "application/x-www-form-urlencoded" }),
      body: pairs.map((p) => `client_id=nobody&${p}`),
    });
    await fc.assert(
      fc.asyncProperty(nobody, async (s) => {
        expect((await shoot(s)).status).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 300 },
    );
    // The three budgets that a wrong secret is charged to (S-13), and nothing else.
    expect(store.held()).toBeLessThanOrEqual(before + 3);
  });

  test.each<[string, string, number]>([
    ["GET", "/nowhere", 404],
    ["POST", "/nowhere", 404],
    ["GET", "/TOKEN", 404],
    ["GET", "/token/x", 404],
    ["GET", "/%E0%A4%A", 404],
    ["GET", "//token", 404],
    ["GET", "/.well-known/openid-configuration/x", 404],
    ["POST", "/jwks", 405],
    ["POST", "/.well-known/openid-configuration", 405],
    ["GET", "/token", 405],
    ["DELETE", "/device", 405],
    ["PUT", "/login", 405],
    ["HEAD", "/jwks", 200],
  ])("%s %s is %i", async (method, path, status) => {
    const heard = await shoot({ method, path, headers: {}, body: "" });
    expect(heard.status).toBe(status);
    if (status === 405) expect(heard.headers["allow"]).toMatch(/^(GET|POST)(, (GET|POST))?$/);
  });

  test.each(["text/html", "application/json", "*/*", undefined])(
    "an unknown path is said in the words of who asks (%s), without a stack",
    async (accept) => {
      const { text } = await shoot({
        method: "GET",
        path: "/nowhere",
        headers: accept === undefined ? {} : { accept },
        body: "",
      });
      expect(text).toContain(accept === "application/json" ? '"error"' : "");
      expect(text).not.toMatch(/Error:|\.ts:/);
    },
  );
});
