import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { type BearerError, refusal } from "../../../src/core/index.ts";
import { assetRoutes } from "../../../src/http/assets.ts";
import { limits, parseFields, repetition } from "../../../src/http/body.ts";
import { formatBearerError } from "../../../src/http/error-formats/bearer.ts";
import { healthRoutes } from "../../../src/http/health.ts";
import { addressReader, createNetworks } from "../../../src/http/index.ts";
import { holdBack } from "../../../src/http/log.ts";
import { formatMetrics, metricsPage } from "../../../src/http/metrics.ts";
import type { Request } from "../../../src/http/request.ts";

const none = {} as Request;

/** What a listener answers to one request. */
async function asked(listener: RequestListener, path: string, method = "GET") {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: "close" } });
  const text = await answer.text();
  await new Promise((resolve) => server.close(resolve));
  return { status: answer.status, type: answer.headers.get("content-type"), text };
}

describe("a reader of addresses", () => {
  test("knows the named proxies, as addresses and as networks, and nobody else", () => {
    const read = addressReader(["10.0.0.1", "10.1.0.0/16", "fd00::/64", "fd01::1"]);
    const through = (socket: string) => read(socket, { "x-forwarded-for": "198.51.100.1" });
    for (const proxy of ["10.0.0.1", "10.1.255.255", "fd00::9", "fd01::1"]) expect(through(proxy)).toBe("198.51.100.1");
    for (const other of ["10.0.0.2", "10.2.0.0", "fd00:0:0:1::", "fd01::2"]) expect(through(other)).toBe(other);
    expect(read(undefined, {})).toBe("unknown");
  });

  test("looks at one header only, the usual one if it is not told another", () => {
    const headers = { "x-forwarded-for": "198.51.100.1", forwarded: "for=198.51.100.2" };
    expect(addressReader(["10.0.0.1"])("10.0.0.1", headers)).toBe("198.51.100.1");
    const other = addressReader(["10.0.0.1"], { header: "forwarded", notice: () => undefined });
    expect(other("10.0.0.1", headers)).toBe("198.51.100.2");
    expect(other("10.0.0.1", { forwarded: "xfor=198.51.100.2" })).toBe("unknown");
    expect(other("10.0.0.1", { forwarded: "for=198.51.100.2;for=198.51.100.3" })).toBe("unknown");
    expect(other("10.0.0.1", { forwarded: 'for=198.51.100.9, for="198.51.100.2";by=x' })).toBe("198.51.100.2");
  });

  test("tells of each reason once that an address is unknown", () => {
    const told: string[] = [];
    const read = addressReader(["10.0.0.1"], { header: "forwarded", notice: (says) => told.push(says) });
    for (let n = 0; n < 2; n++) {
      for (const forwarded of ["", "for=hidden"]) read("10.0.0.1", { forwarded });
      read(undefined, {});
    }
    expect(told).toHaveLength(3);
    expect(told[0]).toContain("a named proxy sent no forwarded with a client's address in it");
  });

  test("refuses what is neither an address nor a network", () => {
    for (const bad of ["proxy.example", "", "10.0.0", "/8"]) {
      expect(() => addressReader([bad])).toThrow(`trustedProxies: "${bad}" is neither an address nor a network`);
    }
    expect(addressReader([])("::ffff:198.51.100.7", {})).toBe("198.51.100.7");
    expect(addressReader([])("x::ffff:198.51.100.7", {})).toBe("unknown");
  });

  test("a translator's prefix without a length is one of 96 bits", () => {
    const networks = createNetworks({ trusted: [], shared: [], nat64: ["2001:db8:64::"] });
    expect(networks.charged("2001:db8:64::")).toBe("0.0.0.0");
    expect(networks.charged("2001:db8:65::c633:6407")).toBe("2001:db8:65:0::/64");
  });
});

describe("a refusal of an API", () => {
  const said = (code: BearerError["code"]) => {
    const { status, body, headers } = formatBearerError(refusal(code, "it is so"));
    return { status, body, challenge: headers["www-authenticate"] };
  };
  const algs = 'algs="ES256 RS256 PS256 EdDSA Ed25519"';
  const why = (error: string) => `error="${error}", error_description="it is so"`;

  test("without a token says how to bring one, and nothing of an error", () => {
    const challenge = `Bearer realm="cloudpass", DPoP realm="cloudpass", ${algs}`;
    expect(said("token_missing")).toEqual({ status: 401, body: undefined, challenge });
  });

  test("with a bad token, a bad proof, too little scope, and anything else", () => {
    const body = (error: string) => expect.objectContaining({ error, error_description: "it is so" });
    expect(said("invalid_token")).toEqual({
      status: 401,
      body: body("invalid_token"),
      challenge: `Bearer ${why("invalid_token")}, DPoP ${algs}`,
    });
    expect(said("invalid_dpop_proof")).toEqual({
      status: 401,
      body: body("invalid_dpop_proof"),
      challenge: `DPoP ${why("invalid_dpop_proof")}, ${algs}`,
    });
    expect(said("insufficient_scope")).toEqual({
      status: 403,
      body: body("insufficient_scope"),
      challenge: `Bearer ${why("insufficient_scope")}`,
    });
    expect(said("insufficient_user_authentication")).toEqual({
      status: 401,
      body: body("insufficient_user_authentication"),
      challenge: `Bearer ${why("insufficient_user_authentication")}, max_age="900"`,
    });
    expect(said("invalid_request")).toEqual({ status: 400, body: body("invalid_request"), challenge: undefined });
  });
});

describe("whether we are there", () => {
  const ask = async (path: string, checks: Record<string, () => Promise<void>>, leaving = false) => {
    const found = healthRoutes(checks, { leaving }).find((route) => route.path === path);
    const answer = await found?.handle(none);
    if (!answer?.ok || answer.value.kind !== "json") throw new Error("no answer");
    return [found?.method, answer.value.status, answer.value.body];
  };
  const fine = async () => {};
  const broken = () => Promise.reject(new Error("gone"));

  test("the process runs, whatever else does", async () => {
    expect(await ask("/livez", { store: broken }, true)).toEqual(["GET", 200, { status: "ok" }]);
  });

  test("it can do its work when every check passes and it is not leaving; else it says which fail", async () => {
    expect(await ask("/readyz", { store: fine, keycloak: fine })).toEqual(["GET", 200, { status: "ok" }]);
    const not = (...failing: string[]) => ["GET", 503, { status: "not ready", failing }];
    expect(await ask("/readyz", { store: fine, keycloak: broken, audit: broken })).toEqual(not("keycloak", "audit"));
    expect(await ask("/readyz", { store: fine }, true)).toEqual(not("leaving"));
  });
});

test("files that pages refer to: anybody may keep them for an hour", async () => {
  const found = assetRoutes().map(({ method, path, public: shared }) => [method, path, shared]);
  expect(found).toEqual([
    ["GET", "/assets/style.css", { maxAge: 3600 }],
    ["GET", "/assets/icon.svg", { maxAge: 3600 }],
  ]);
  const [style, icon] = await Promise.all(assetRoutes().map((route) => route.handle(none)));
  expect(style?.ok && style.value).toMatchObject({ kind: "asset", type: "text/css; charset=utf-8" });
  expect(icon?.ok && icon.value).toMatchObject({
    kind: "asset",
    type: "image/svg+xml",
    body: expect.stringMatching(/^<svg/),
  });
});

describe("parameters", () => {
  test("are as many, as long and as large as they may be, and no more", () => {
    const many = (n: number) => Array.from({ length: n }, (_, i) => `p${i}=1`).join("&");
    expect([parseFields(many(limits.fields)).ok, parseFields(many(limits.fields + 1)).ok]).toEqual([true, false]);
    const long = (n: number) => parseFields(`a=${"x".repeat(n)}`).ok;
    expect([long(limits.valueChars), long(limits.valueChars + 1)]).toEqual([true, false]);
    const large = (n: number) => parseFields("&".repeat(n)).ok;
    expect([large(limits.bodyBytes), large(limits.bodyBytes + 1)]).toEqual([true, false]);
  });

  test("that are repeated are named in printable words, forty letters at most", () => {
    expect(repetition([])).toBeUndefined();
    const said = (name: string) => repetition([name])?.message;
    expect(said('a"b\\c\u0000d~ !')).toBe('the parameter "a?b?c?d~ !" is repeated');
    expect(said("é\n")).toBe('the parameter "??" is repeated');
    expect(said("n".repeat(60))).toBe(`the parameter "${"n".repeat(40)}" is repeated`);
    expect(repetition(["resource"])?.code).toBe("invalid_target");
  });
});

test("numbers are told at their address only, with all their labels", async () => {
  const metric = { name: "cloudpass_x", help: "what it is", values: [{ labels: { a: "1", b: 'q"' }, value: 2 }] };
  const text = '# HELP cloudpass_x what it is\n# TYPE cloudpass_x gauge\ncloudpass_x{a="1",b="q\\""} 2\n';
  expect(formatMetrics([metric])).toBe(text);
  expect(formatMetrics([{ ...metric, values: [{ labels: {}, value: 3 }] }])).toContain("\ncloudpass_x 3\n");
  const page = metricsPage(() => [metric]);
  const type = "text/plain; version=0.0.4; charset=utf-8";
  expect(await asked(page, "/metrics")).toEqual({ status: 200, type, text });
  expect(await asked(page, "/other")).toEqual({ status: 404, type, text: "not found\n" });
  expect((await asked(page, "/metrics", "POST")).status).toBe(404);
});

test("lines of a log are held back until a write is worth it, and no line twice", () => {
  const written: string[] = [];
  const log = holdBack({ write: (lines) => void written.push(lines) });
  log.flush();
  log.write("one\n");
  expect(written).toEqual([]);
  log.write("x".repeat(8 * 1024 - 4));
  expect(written.map((lines) => lines.length)).toEqual([8 * 1024]);
  log.flush();
  expect(written).toHaveLength(1);
});
