import { createServer, type Server, type ServerResponse } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addressRanges, type FetchRules, makeGuardedFetch } from "../../src/http-client/index.ts";
import { listen, stopServer } from "../support/loopback.ts";

let server: Server;
let origin: string;
let asked: string[] = [];
const tricks: Record<string, (answer: ServerResponse) => void> = {
  "/good": (a) => a.setHeader("content-type", "application/json; charset=utf-8").end('{"issuer":"x"}'),
  "/redirect": (a) => a.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
  "/html": (a) => a.setHeader("content-type", "text/html").end("{}"),
  "/untyped": (a) => a.end("{}"),
  "/broken": (a) => a.writeHead(500).end(),
  "/large": (a) => a.setHeader("content-type", "application/json").end("x".repeat(300 * 1024)),
  "/endless": (a) => {
    a.setHeader("content-type", "application/json");
    const more = () => a.destroyed || a.write("x".repeat(16_384), more);
    more();
  },
  "/half": (a) => {
    a.writeHead(200, { "content-type": "application/json", "content-length": "100" });
    a.write("{", () => a.destroy());
  },
  "/silent": () => undefined,
  "/drip": (a) => {
    a.setHeader("content-type", "application/json");
    const drip = setInterval(() => a.write(" "), 20);
    a.on("close", () => clearInterval(drip));
  },
};

beforeAll(async () => {
  server = createServer((request, answer) => {
    asked.push(request.url ?? "");
    tricks[request.url ?? ""]?.(answer);
  });
  origin = `http://${await listen(server)}`;
});
afterAll(() => stopServer(server));

const loopback = (): FetchRules => {
  const allow = addressRanges(["127.0.0.1/32"]);
  if ("wrong" in allow) throw new Error(allow.wrong);
  return { allow, timeoutMs: 300 };
};
const codeOf = async (url: string, rules?: FetchRules) => {
  asked = [];
  const answer = await makeGuardedFetch(rules)(url);
  return answer.ok ? "fetched" : answer.refusal.code;
};

describe("S-38: a URL that a customer named", () => {
  test.each([
    "https://127.0.0.1/",
    "https://localhost/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://0177.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://100.64.0.1/",
  ])("%s leads to no request, because its address is not public", async (url) => {
    expect(await codeOf(url)).toBe("address");
  });

  test.each([
    ["http://8.8.8.8/", "scheme"],
    ["ftp://8.8.8.8/", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["data:application/json,{}", "scheme"],
    ["https://8.8.8.8:8443/", "port"],
    ["https://8.8.8.8:22/", "port"],
    ["https://somebody:secret@8.8.8.8/", "url"],
    ["no url", "url"],
  ])("%s is refused as %s", async (url, code) => {
    expect(await codeOf(url)).toBe(code);
  });

  test("one private address among several refuses the name", async () => {
    const resolve = async () => ["8.8.8.8", "10.0.0.1"];
    expect(await codeOf("https://idp.example/", { resolve })).toBe("address");
  });

  test("a name without an address, or whose resolver hangs, is refused in time", async () => {
    expect(await codeOf("https://idp.example/", { resolve: async () => [] })).toBe("resolution");
    const hangs = () => new Promise<string[]>(() => undefined);
    expect(await codeOf("https://idp.example/", { resolve: hangs, timeoutMs: 50 })).toBe("timeout");
  });

  test.each([
    ["/good", "fetched"],
    ["/redirect", "redirect"],
    ["/html", "media-type"],
    ["/untyped", "media-type"],
    ["/broken", "status"],
    ["/large", "size"],
    ["/endless", "size"],
    ["/half", "connection"],
    ["/silent", "timeout"],
    ["/drip", "timeout"],
  ])("an answer like %s ends as %s", async (path, code) => {
    expect(await codeOf(`${origin}${path}`, loopback())).toBe(code);
    expect(asked).toEqual([path]);
  });

  test("an operator's range opens its own addresses only", async () => {
    expect(await codeOf(`${origin}/good`)).toBe("address");
    expect(await codeOf("https://127.0.0.2/", loopback())).toBe("address");
    expect(await codeOf("http://8.8.8.8/", loopback())).toBe("scheme");
    expect(asked).toEqual([]);
  });

  test("a server that is not there is refused", async () => {
    expect(await codeOf("http://127.0.0.1:1/", loopback())).toBe("connection");
  });
});
