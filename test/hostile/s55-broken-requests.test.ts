import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/index.ts";
import { answerBroken, createLog, type Listening, listen } from "../../src/http/index.ts";
import { makeCertificate } from "../support/certificates.ts";
import { secureFront } from "../support/secure-front.ts";

// What never becomes a request, or only just: too long, malformed, cut. Node's own answer to it is a bare status line, which
// tells a person nothing and has none of the headers that every answer of ours has.

const front = secureFront();
const lines: string[] = [];
const log = createLog("info", { write: (line: string) => void lines.push(line) });
const tls = makeCertificate({ name: "login.example", hosts: ["127.0.0.1"], ends: 1 });
let [plain, secure]: Listening[] = [];
beforeEach(async () => {
  const broken = answerBroken({ insecure: false, log });
  const at = { host: "127.0.0.1", port: 0 };
  plain = await listen(front.listener, at, systemClock, broken);
  secure = await listen(front.listener, { ...at, tls }, systemClock, broken);
});
afterEach(async () => {
  await plain?.close(0);
  await secure?.close(0);
});
afterAll(() => front.stop());

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends pieces of bytes as they stand, each when the one before has left; answers the first answer. */
function say(way: "http" | "https", ...pieces: readonly string[]): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const port = (way === "http" ? plain : secure)?.port ?? 0;
    const options = { port, host: "127.0.0.1", rejectUnauthorized: false };
    const socket = way === "http" ? connectTcp(options) : connectTls(options);
    let text = "";
    socket.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    socket
      .once("close", () => resolve(read(text)))
      .on("error", (error: NodeJS.ErrnoException) => {
        // The server has answered and closed while we still sent.
        if (!["EPIPE", "ECONNRESET"].includes(error.code ?? "")) reject(error);
      });
    socket.setTimeout(13_000, () => socket.destroy(new Error(`the server waits, and said ${text}`)));
    const next = ([piece, ...rest]: readonly string[]): void => {
      if (piece !== undefined) socket.write(piece, "latin1", () => setImmediate(next, rest));
    };
    socket.once(way === "http" ? "connect" : "secureConnect", () => next(pieces));
  });
}

function read(text: string): Heard {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field) => [field.split(":", 1)[0]?.toLowerCase() ?? "", field.replace(/^[^:]*: ?/, "")]);
  return { status: Number(line.split(" ")[1]), headers: Object.fromEntries(headers), body: body.join("\r\n\r\n") };
}

const browser = (path: string, cookies: number, language = "en") =>
  `GET ${path} HTTP/1.1\r\nHost: login.example\r\nAccept: text/html\r\nAccept-Language: ${language}\r\nConnection: close\r\nCookie: a=${"x".repeat(cookies)}\r\n\r\n`;
const program = (path: string, more: string) =>
  `GET ${path} HTTP/1.1\r\nHost: login.example\r\nAccept: application/json\r\nConnection: close\r\n${more}\r\n\r\n`;

function expectOurs({ headers }: Heard): void {
  expect(headers).toMatchObject({
    "cache-control": "no-store",
    "content-security-policy": expect.stringContaining("frame-ancestors 'none'"),
    "referrer-policy": "no-referrer",
    "strict-transport-security": expect.stringContaining("max-age="),
    "x-content-type-options": "nosniff",
    "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
}

describe.each(["http", "https"] as const)("S-55: over %s", (way) => {
  test.each([40, 60, 100, 127, 140, 200])("%i KiB of cookies: a page that says what to do", async (size) => {
    const heard = await say(way, browser("/who", size * 1024));
    expect([heard.status, heard.headers["content-type"]]).toEqual([431, "text/html; charset=utf-8"]);
    expect(heard.body).toContain("Your browser sent too much");
    expect(heard.body).toContain("Delete the cookies of this site");
    expect(heard.body).toContain(heard.headers["x-request-id"]);
    expectOurs(heard);
  });

  test("an address that is never read whole: 431 at least", async () => {
    const heard = await say(way, program(`/program?a=${"x".repeat(200 * 1024)}`, "x: y"));
    expect(heard.status).toBe(431);
    expectOurs(heard);
    // The id is one that an operator finds, and what was sent is in no log (S-54).
    expect(lines.at(-1)).toContain(heard.headers["x-request-id"]);
    expect(lines.join()).not.toContain("xxx");
  });

  test("in pieces, as a network brings them, and in the person's language", async () => {
    const text = browser("/who", 180 * 1024, "de");
    const pieces = text.match(/[\s\S]{1,9000}/g) ?? [];
    const heard = await say(way, ...pieces);
    expect([heard.status, heard.headers["content-type"]]).toEqual([431, "text/html; charset=utf-8"]);
    const fits = await say(way, browser("/who", 60 * 1024, "de"));
    expect(fits.body).toContain("Löschen Sie die Cookies dieser Seite");
  });

  test.each([
    ["an address", 40, (n: number) => program(`/program?a=${"x".repeat(n)}`, "x: y")],
    ["a header", 40, (n: number) => program("/program", `Authorization: Bearer ${"x".repeat(n)}`)],
    [
      "many headers",
      40,
      (n: number) =>
        program("/program", Array.from({ length: n / 128 }, (_, i) => `h${i}: ${"x".repeat(122)}`).join("\r\n")),
    ],
  ])("%s of %i KiB: the usual error", async (_what, size, make) => {
    const heard = await say(way, make(size * 1024));
    expect([heard.status, heard.headers["content-type"]]).toEqual([431, "application/json"]);
    expect(JSON.parse(heard.body)).toEqual({
      error: "invalid_request",
      error_description: "address and headers may have 32768 bytes together",
    });
    expectOurs(heard);
  });

  test.each([
    ["no HTTP", "hello\r\n\r\n"],
    ["a method that is none", "G<T / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["a version that is none", "GET / HTTP/9.9\r\nHost: x\r\n\r\n"],
    ["a header without a name", "GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n"],
    ["a blank before the colon", "GET / HTTP/1.1\r\nHost: x\r\na : y\r\n\r\n"],
    ["two lengths", "POST /program HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "a length and chunks",
      "POST /program HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["no host", "GET /who HTTP/1.1\r\nConnection: close\r\n\r\n"],
    ["two hosts", "GET /who HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"],
    ["a broken address", "GET /%E0%A4%A HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nConnection: close\r\n\r\n"],
    ["a request for a proxy", "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n"],
  ])("%s: the usual error", async (_what, bytes) => {
    const heard = await say(way, bytes);
    expect([heard.status, heard.headers["content-type"]?.split(";")[0]]).toEqual(
      bytes.startsWith("GET /%E0") ? [404, "application/json"] : [400, expect.stringMatching(/json|html/)],
    );
    expect(heard.body).toMatch(/"error":"invalid_request"|This link or form is not complete/);
    expectOurs(heard);
  });

  test("an expectation that nobody knows does not stop a request", async () => {
    const heard = await say(way, program("/program", "Expect: x-unknown"));
    expect(heard.status).toBe(200);
  });

  test("what anybody may read is served with long cookies, too: the page has its style", async () => {
    expect((await say(way, browser("/program", 10))).status).toBe(200);
    expect((await say(way, browser("/open", 60 * 1024))).status).toBe(200);
  });
});

test("S-55: a request that does not end is cut, with the usual error", async () => {
  const began = Date.now();
  const { status, headers, body } = await say("http", "GET /who HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n");
  expect([status, Date.now() - began < 15_000]).toEqual([408, true]);
  expect(headers["content-type"]).toMatch(/json|html/);
  expect(body).toMatch(/took too long/);
}, 20_000);

test("plain http to the https port is no answer in clear", async () => {
  const heard = await new Promise<string>((resolve) => {
    let text = "";
    const socket = connectTcp({ port: secure?.port ?? 0, host: "127.0.0.1" }, () => socket.write(program("/", "x: y")));
    socket.on("data", (piece) => (text += String(piece))).on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
  expect(heard).not.toContain("HTTP/");
});
