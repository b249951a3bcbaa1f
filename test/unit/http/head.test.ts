import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { answerBroken, badHead } from "../../../src/http/head.ts";
import { createLog } from "../../../src/http/index.ts";

const head = (rawHeaders: readonly string[], more: Partial<IncomingMessage> = {}) =>
  badHead({ url: "/", httpVersion: "1.1", rawHeaders, ...more } as IncomingMessage)?.code;

describe("the head of a request", () => {
  test("has one Host header, however it is written; HTTP/1.0 may go without", () => {
    expect(head(["Host", "a"])).toBeUndefined();
    expect(head(["hOST", "a", "accept", "*/*"])).toBeUndefined();
    expect(head([])).toBe("invalid_request");
    expect(head(["accept", "host", "hosts", "a", "cost", "b"])).toBe("invalid_request");
    expect(head(["Host", "a", "host", "a"])).toBe("invalid_request");
    expect(head([], { httpVersion: "1.0" })).toBeUndefined();
    expect(head(["Host", "a", "host", "a"], { httpVersion: "1.0" })).toBe("invalid_request");
  });

  test("has 32 KiB with the address, and not a byte more", () => {
    const most = 32 * 1024;
    // Each name and each value counts two bytes more: what stands between and after them.
    const rest = most - "/".length - "host".length - "x".length - 4;
    const padded = (n: number) => ["host", "x", "p", "y".repeat(n - "p".length - 4)];
    expect(head(padded(rest))).toBeUndefined();
    expect(head(padded(rest + 1))).toBe("headers_too_large");
    expect(head(["host", "x"], { url: `/${"a".repeat(rest)}` })).toBeUndefined();
    expect(head(["host", "x"], { url: `/${"a".repeat(rest + 1)}` })).toBe("headers_too_large");
  });
});

/** A connection on which something arrived that is no request; what was written to it, and whether it was cut. */
function socketOf(more: object = {}) {
  let written = "";
  const socket = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      written += String(chunk);
      done();
    },
  });
  Object.assign(socket, more);
  return { socket, written: () => written };
}
const lines: string[] = [];
const log = createLog("info", { write: (line: string) => void lines.push(line) });

function answered(code: string | undefined, packet?: string, more: object = {}) {
  const { socket, written } = socketOf(more);
  const error = Object.assign(new Error("x"), {
    ...(code !== undefined && { code }),
    ...(packet !== undefined && { rawPacket: Buffer.from(packet) }),
  });
  answerBroken({ insecure: false, log })(error, socket, "an-id");
  const [top = "", body = ""] = written().split("\r\n\r\n");
  const [status = "", ...headers] = top.split("\r\n");
  return { status, headers, body, cut: socket.destroyed, ended: socket.writableEnded };
}

describe("what is no request", () => {
  test.each([
    ["HPE_HEADER_OVERFLOW", "HTTP/1.1 431 Request Header Fields Too Large"],
    ["HPE_CHUNK_EXTENSIONS_OVERFLOW", "HTTP/1.1 413 Payload Too Large"],
    ["ERR_HTTP_REQUEST_TIMEOUT", "HTTP/1.1 408 Request Timeout"],
    ["HPE_INVALID_METHOD", "HTTP/1.1 400 Bad Request"],
    ["HPE_ANYTHING", "HTTP/1.1 400 Bad Request"],
  ])("is answered by its kind: %s", (code, status) => {
    const answer = answered(code, "GET / HTTP/1.1\r\n");
    expect([answer.status, answer.ended, answer.cut]).toEqual([status, true, false]);
    for (const line of [
      "x-request-id: an-id",
      "connection: close",
      "cache-control: no-store",
      "content-type: application/json",
      `content-length: ${Buffer.byteLength(answer.body)}`,
      "x-content-type-options: nosniff",
    ])
      expect(answer.headers).toContain(line);
    expect(JSON.parse(answer.body)).toMatchObject({ error: expect.any(String) });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      id: "an-id",
      path: "(unread)",
      because: code,
      status: Number(status.split(" ")[1]),
    });
  });

  test.each<[string, string, boolean, string]>([
    ["a browser's", "GET / HTTP/1.1\r\nAccept: text/html, */*\r\nAccept-Language: de\r\n", true, "de"],
    ["a program's", "GET / HTTP/1.1\r\nAccept: application/json\r\nX: text/html\r\n", false, ""],
    ["one that says nothing", "GET / HTTP/1.1\r\n", false, ""],
    ["the name of another header", "GET / HTTP/1.1\r\nX-Accept: text/html\r\n", false, ""],
    ["a language in another header", "GET / HTTP/1.1\r\nAccept: text/html\r\nX-Accept-Language: de\r\n", true, "en"],
  ])("is answered as a page or as JSON: %s", (_, packet, isPage, language) => {
    const answer = answered("HPE_INVALID_HEADER_TOKEN", packet);
    expect(answer.headers.some((line) => line.startsWith("content-type: text/html"))).toBe(isPage);
    if (isPage) expect(answer.headers).toContain(`content-language: ${language}`);
  });

  test.each<[string, string, boolean]>([
    ["HPE_HEADER_OVERFLOW", "=x; c=2; d=3", true],
    ["HPE_HEADER_OVERFLOW", "xGET /", true],
    ["HPE_HEADER_OVERFLOW", "GET  /", true],
    ["HPE_HEADER_OVERFLOW", "get / HTTP/1.1", true],
    ["HPE_HEADER_OVERFLOW", "OPTIONS /", false],
    ["HPE_INVALID_METHOD", "=x; c=2; d=3", false],
  ])("of %s the rest %j is a browser's, who alone collects so many cookies: %s", (code, packet, isPage) => {
    expect(answered(code, packet).headers.some((line) => line.startsWith("content-type: text/html"))).toBe(isPage);
  });

  test("without a piece of it is answered as a program's", () => {
    expect(answered("HPE_INVALID_METHOD").headers).toContain("content-type: application/json");
  });

  test("is cut where nothing can be said: no HTTP, a connection that is gone, an answer that has begun", () => {
    const before = lines.length;
    for (const answer of [
      answered("ECONNRESET", "GET /"),
      answered(undefined, "GET /"),
      answered("EPROTO_HPE_", "GET /"),
      answered("HPE_INVALID_METHOD", "GET /", { _httpMessage: { headersSent: true } }),
    ])
      expect([answer.status, answer.cut]).toEqual(["", true]);
    expect(lines).toHaveLength(before);
    expect(answered("HPE_INVALID_METHOD", "GET /", { _httpMessage: { headersSent: false } }).status).toContain("400");
  });

  test("and comes after an answer is dropped in peace, but for one that took too long", () => {
    const after = (code: string) => {
      const { socket } = socketOf();
      socket.end();
      answerBroken({ insecure: false, log })(Object.assign(new Error("x"), { code }), socket, "an-id");
      return socket.destroyed;
    };
    expect(["HPE_INVALID_METHOD", "ERR_HTTP_REQUEST_TIMEOUT", "ECONNRESET"].map(after)).toEqual([false, true, true]);
  });
});
