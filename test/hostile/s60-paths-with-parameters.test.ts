import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ok, systemClock } from "../../src/core/index.ts";
import { json, type Listening, listen, type Route } from "../../src/http/index.ts";
import { secureFront } from "../support/secure-front.ts";

// Whoever checks a path before us, a proxy with a list of addresses, sees it as it was sent. A part of it that becomes two
// parts, or another folder, once it is decoded would lead past that check.

const echo = (method: Route["method"]): Route => ({
  method,
  path: "/api/tenants/{tenant}/people/{person}",
  errorFormat: "oauth",
  handle: ({ params }) => ok(json({ method, ...Object.fromEntries(params) })),
});
const front = secureFront({ routes: [echo("GET"), echo("PUT"), echo("PATCH"), echo("DELETE")] });
let server: Listening;
beforeAll(async () => {
  server = await listen(front.listener, { host: "127.0.0.1", port: 0 }, systemClock);
});
afterAll(async () => {
  await server.close(0);
  await front.stop();
});

/** Sends a request line as it stands; answers status, headers and body. */
function ask(line: string, ...headers: readonly string[]): Promise<{ status: number; head: string; body: string }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write([`${line} HTTP/1.1`, "Host: x", "Connection: close", ...headers, "", ""].join("\r\n"), "latin1"),
    );
    socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    socket.on("error", reject).on("close", () => {
      const [head = "", body = ""] = text.split("\r\n\r\n");
      resolve({ status: Number(head.split(" ")[1]), head: head.toLowerCase(), body });
    });
  });
}
const program = "Accept: application/json";

describe("S-60: a part of a path is one part", () => {
  test.each([
    ["an encoded slash", "a%2fb"],
    ["an encoded slash in capitals", "a%2Fb"],
    ["an encoded backslash", "a%5cb"],
    ["a NUL", "a%00"],
    ["a line break", "a%0d%0aX:%20y"],
    ["a dot segment", ".."],
    ["an encoded dot segment", "%2e%2e"],
    ["half an encoded dot segment", ".%2E"],
    ["a single dot", "%2e"],
    ["bytes that are no UTF-8", "%ff"],
    ["a slash in too many bytes", "%c0%af"],
    ["half an escape", "%4"],
    ["an escape that is none", "%zz"],
  ])("%s is refused", async (_what, part) => {
    const answer = await ask(`GET /api/tenants/${part}/people/b`, program);
    expect(answer.status).toBe(400);
    // In the form of the route that would stand there; of an address that leads nowhere under /api, in the API's.
    const { error, error_description, type, detail } = JSON.parse(answer.body);
    expect([error ?? type, error_description ?? detail]).toEqual([
      error === undefined ? "urn:cloudpass:problem:invalid_request" : "invalid_request",
      "the address is malformed",
    ]);
  });

  test.each([
    "/api/tenants/../tenants/a/people/b",
    "/api//tenants/a/people/b",
    "/api/tenants//people/b",
    "/api/tenants/a/people/",
    "/api/tenants/a/people/b/",
    "/api/tenants/a%2fpeople%2fb",
    "/%61pi/tenants/a/people/b",
    "/api/tenants/a/people/b;x/c",
  ])("%s is not there", async (path) => expect((await ask(`GET ${path}`, program)).status).toBe(404));

  test("twice encoded stays encoded once", async () => {
    expect(JSON.parse((await ask("GET /api/tenants/%252e%252e/people/a%252fb", program)).body)).toEqual({
      method: "GET",
      tenant: "%2e%2e",
      person: "a%2fb",
    });
  });
});

describe("S-60: the method is the one of the request line", () => {
  const path = "/api/tenants/a/people/b";
  const methodOf = async (line: string, ...headers: readonly string[]) =>
    (JSON.parse((await ask(line, ...headers)).body) as { method?: string }).method;

  test.each(["GET", "PUT", "PATCH", "DELETE"])("%s", async (method) =>
    expect(await methodOf(`${method} ${path}`)).toBe(method),
  );

  test.each(["X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE"])(
    "%s changes nothing",
    async (header) => expect(await methodOf(`GET ${path}`, header)).toBe("GET"),
  );

  test("nor does a parameter", async () => expect(await methodOf(`GET ${path}?_method=DELETE`)).toBe("GET"));

  test.each(["POST", "OPTIONS", "TRACE", "PROPFIND", "LOCK"])(
    "%s is refused, and told what may be asked",
    async (m) => {
      const answer = await ask(`${m} ${path}`, "Content-Length: 0");
      expect(answer.status).toBe(405);
      expect(answer.head).toContain("\r\nallow: get, put, patch, delete\r\n");
    },
  );

  test("HEAD has the head of GET, and no body", async () => {
    const answer = await ask(`HEAD ${path}`);
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.head).toContain("content-type: application/json");
  });

  test("what changes something is not asked by the page of another site", async () => {
    expect((await ask(`DELETE ${path}`, "Sec-Fetch-Site: cross-site")).status).toBe(403);
    expect((await ask(`PUT ${path}`, "Sec-Fetch-Site: same-site")).status).toBe(403);
    expect((await ask(`DELETE ${path}`, "Sec-Fetch-Site: same-origin")).status).toBe(200);
  });
});
