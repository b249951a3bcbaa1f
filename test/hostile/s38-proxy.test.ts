import http from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addressRanges, makeGuardedFetch } from "../../src/http-client/index.ts";
import { makeCertificate } from "../support/certificates.ts";
import { type ConnectProxy, startConnectProxy } from "../support/connect-proxy.ts";
import { listen, stopServer } from "../support/loopback.ts";

// A proxy resolves names by itself: a customer's name that is public to our check and private to the proxy would lead into
// the network behind it, and the proxy of the environment is there for our own calls, not for a customer's.

const name = "idp.customer.example";
const open = "192.0.2.10"; // stands for a public address; the proxy leads all of them to our server
const authority = makeCertificate({ name: "CA", ends: 30, isAuthority: true });
const own = makeCertificate({ name: "idp", ends: 30, hosts: [name], by: authority });
const server = createServer({ cert: own.cert, key: own.key }, (_request, answer) => {
  answer.setHeader("content-type", "application/json").end('{"issuer":"x"}');
});

let proxy: ConnectProxy;
beforeAll(async () => {
  await listen(server);
  proxy = await startConnectProxy(() => (server.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.stop();
  await stopServer(server);
});
beforeEach(() => {
  proxy.asked.length = 0;
});

const ranges = (text: string) => {
  const allow = addressRanges([text]);
  if ("wrong" in allow) throw new Error(allow.wrong);
  return allow;
};
/** Rules of an operator with a declared proxy; the name has this address. */
const through = (address: string, more: object = {}) =>
  makeGuardedFetch({
    proxy: `http://${proxy.address}`,
    ca: authority.cert,
    resolve: async () => [address],
    timeoutMs: 2_000,
    ...more,
  });
const codeOf = (result: { ok: true } | { ok: false; refusal: { code: string } }) =>
  result.ok ? "fetched" : result.refusal.code;

describe("S-38, S-39: a proxy is asked for the address that was checked, and for no name", () => {
  test("a public address is asked for by its number; certificate and Host are the name's", async () => {
    const answer = await through("9.9.9.9")(`https://${name}/.well-known/openid-configuration`);
    expect(answer).toMatchObject({ ok: true, value: { text: '{"issuer":"x"}' } });
    expect(answer.ok && answer.value.chain?.[0]?.subject).toContain("idp");
    expect(proxy.asked).toEqual(["9.9.9.9:443"]);
    expect(codeOf(await through("2606:4700::1111")(`https://${name}/`))).toBe("fetched");
    expect(proxy.asked.at(-1)).toBe("[2606:4700::1111]:443");
  });

  test("a server that is not who the name says is refused: the proxy proves nothing", async () => {
    expect(codeOf(await through("9.9.9.9")("https://other.customer.example/"))).toBe("certificate");
    expect(codeOf(await through("9.9.9.9", { ca: own.cert })(`https://${name}/`))).toBe("certificate");
  });

  test.each(["10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.7.1", "fd00::1", "::1"])(
    "an address that is not public (%s) is refused before the proxy hears of it",
    async (address) => {
      expect(codeOf(await through(address)(`https://${name}/`))).toBe("address");
      const literal = address.includes(":") ? `[${address}]` : address;
      expect(codeOf(await through(address)(`https://${literal}/`))).toBe("address");
      expect(codeOf(await through("9.9.9.9")(`http://${name}/`))).toBe("scheme");
      expect(codeOf(await through("9.9.9.9")(`https://${name}:8443/`))).toBe("port");
      expect(proxy.asked).toEqual([]);
    },
  );

  test("a network that the operator opened is asked directly: the proxy is for what lies outside", async () => {
    const { port } = server.address() as AddressInfo;
    const answer = await through("127.0.0.1", { allow: ranges("127.0.0.1/32") })(`https://${name}:${port}/`);
    expect(codeOf(answer)).toBe("fetched");
    expect(proxy.asked).toEqual([]);
  });

  test("a proxy that refuses, is silent or is not there is a refusal with words, in time", async () => {
    const strict = await startConnectProxy(() => 0, 403);
    const refused = await through("9.9.9.9", { proxy: `http://${strict.address}` })(`https://${name}/`);
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: "connection", message: "the proxy does not let us through to it (HTTP 403)" },
    });
    await strict.stop();
    expect(codeOf(await through("9.9.9.9", { proxy: "http://127.0.0.1:9" })(`https://${name}/`))).toBe("connection");
    const held: Duplex[] = [];
    const silent = http.createServer().on("connect", (_request, client) => void held.push(client));
    const at = await listen(silent);
    const late = await through("9.9.9.9", { proxy: `http://${at}`, timeoutMs: 200 })(`https://${name}/`);
    expect(codeOf(late)).toBe("timeout");
    for (const client of held) client.destroy();
    await stopServer(silent);
  });

  test("no connection stays open, whatever it ended with", async () => {
    await through("9.9.9.9")(`https://${name}/`);
    await through("9.9.9.9")("https://other.customer.example/");
    await through("9.9.9.9", { maxBytes: 1 })(`https://${name}/`);
    await expect.poll(() => proxy.open(), { timeout: 2_000 }).toBe(0);
  });

  test("the proxies of the environment count for our own calls only", async () => {
    const restore = http.setGlobalProxyFromEnv({
      HTTPS_PROXY: `http://${proxy.address}`,
      HTTP_PROXY: `http://${proxy.address}`,
    });
    try {
      const { port } = server.address() as AddressInfo;
      const rules = { proxy: undefined, allow: ranges("127.0.0.1/32") };
      expect(codeOf(await through("127.0.0.1", rules)(`https://${name}:${port}/`))).toBe("fetched");
      const outside = through(open, { proxy: undefined, allow: ranges(`${open}/32`), timeoutMs: 200 });
      expect(codeOf(await outside(`https://${name}/`))).not.toBe("fetched");
      expect(proxy.asked).toEqual([]);
    } finally {
      restore();
    }
  });
});
