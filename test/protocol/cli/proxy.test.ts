import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { proxiesOf } from "../../../src/cli/network.ts";
import { systemClock, systemRandom } from "../../../src/core/index.ts";
import { createHttpClient } from "../../../src/http-client/client.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { runCommand } from "../../support/command.ts";
import { type ConnectProxy, startConnectProxy } from "../../support/connect-proxy.ts";
import { listen, stopServer } from "../../support/loopback.ts";

// Nothing but the proxy knows the name, as in many companies: only what goes through it arrives.
const issuer = "https://login.cloudpass-test.invalid";
const asked: string[] = [];

const authority = makeCertificate({ name: "Company CA", ends: 30, isAuthority: true });
const own = makeCertificate({
  name: "login",
  ends: 30,
  hosts: ["login.cloudpass-test.invalid", "keystone.cloudpass-test.invalid"],
  by: authority,
});
const server = createServer({ cert: own.cert, key: own.key }, (request, response) => {
  asked.push(request.url ?? "");
  response.writeHead(404).end();
});

let home: string;
let proxy: ConnectProxy;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "cloudpass-proxy-"));
  await writeFile(join(home, "ca.pem"), authority.cert);
  await listen(server);
  proxy = await startConnectProxy(() => (server.address() as AddressInfo).port);
});
afterAll(async () => {
  await proxy.stop();
  await stopServer(server);
  await rm(home, { recursive: true, force: true });
});
beforeEach(() => {
  proxy.asked.length = 0;
  proxy.credentials.length = 0;
  asked.length = 0;
});

const login = (env: Readonly<Record<string, string>>, address = issuer) =>
  runCommand(["login", "--device", "--issuer", address, "--ca-file", join(home, "ca.pem")], {
    env: { HOME: home, XDG_STATE_HOME: home, ...env },
  });
const arrived = "makes no sense while looking up its endpoints"; // 404 is all that our server knows

describe("the proxies of the environment", { timeout: 60_000 }, () => {
  test.each([
    ["HTTPS_PROXY", (at: string) => ({ HTTPS_PROXY: `http://${at}` })],
    ["https_proxy", (at: string) => ({ https_proxy: `http://${at}` })],
    ["without a scheme", (at: string) => ({ HTTPS_PROXY: at })],
    ["the small letters before the capitals", (at: string) => ({ https_proxy: at, HTTPS_PROXY: "127.0.0.1:9" })],
    ["an empty one is none", (at: string) => ({ https_proxy: "", HTTPS_PROXY: at, NO_PROXY: "" })],
    ["with others that go past it", (at: string) => ({ HTTPS_PROXY: at, NO_PROXY: "other.example,.intern" })],
  ])("are used: %s", async (_what, env) => {
    const { err } = await login(env(proxy.address));
    expect(err).toContain(arrived);
    expect(new Set(proxy.asked)).toEqual(new Set(["login.cloudpass-test.invalid:443"]));
    expect(asked[0]).toBe("/.well-known/openid-configuration");
  });

  test("with a name and a password, which no message repeats", async () => {
    await login({ HTTPS_PROXY: `http://bob:p%40ss@${proxy.address}` });
    expect(proxy.credentials[0]).toBe("bob:p@ss");
    const wrong = await login({ HTTPS_PROXY: "socks5://bob:p%40ss@127.0.0.1:9" });
    expect(wrong.err).toContain("cloudpass: HTTPS_PROXY is not an address of an HTTP proxy");
    expect(wrong.err + wrong.out).not.toMatch(/p%40ss|p@ss/);
    expect(wrong.exitCode).toBe(1);
  });

  test.each([
    "login.cloudpass-test.invalid",
    ".cloudpass-test.invalid",
    "*.cloudpass-test.invalid",
    "*",
    "x,login.cloudpass-test.invalid:443",
  ])("are not used for what NO_PROXY names: %s", async (NO_PROXY) => {
    for (const name of ["NO_PROXY", "no_proxy"]) {
      const { err, exitCode } = await login({ HTTPS_PROXY: proxy.address, [name]: NO_PROXY });
      expect(err).toMatch(/cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/);
      expect(exitCode).toBe(3);
    }
    expect(proxy.asked).toEqual([]);
  });

  test("are not used for this machine itself, where plain http is allowed", async () => {
    const env = { HTTP_PROXY: proxy.address, HTTPS_PROXY: proxy.address };
    for (const host of ["127.0.0.1", "localhost", "[::1]"]) {
      expect((await login(env, `http://${host}:9`)).err).toMatch(/cannot be reached \(/);
    }
    expect(proxy.asked).toEqual([]);
  });

  test("one that refuses, or is not there, is named with what it says", async () => {
    const strict = await startConnectProxy(() => 0, 407);
    const refused = await login({ HTTPS_PROXY: strict.address });
    await strict.stop();
    expect(refused.err).toContain("cannot be reached (the proxy answered 407)");
    expect(refused.err).toContain("the proxy (HTTPS_PROXY, NO_PROXY)");
    expect((await login({ HTTPS_PROXY: "127.0.0.1:9" })).err).toContain("cannot be reached (ECONNREFUSED)");
  });

  test("are used by the operator's calls to clouds and clusters, which have connections of their own", async () => {
    const restore = http.setGlobalProxyFromEnv(proxiesOf({ HTTPS_PROXY: proxy.address }));
    try {
      const ask = createHttpClient(
        "keystone gx1",
        { caPem: authority.cert },
        { clock: systemClock, random: systemRandom },
      );
      for (const idempotent of [true, false]) {
        const url = "https://keystone.cloudpass-test.invalid/v3";
        const answer = await ask({ operation: "look", method: "GET", url, idempotent });
        expect(answer.status).toBe(404);
      }
      expect(proxy.asked).toEqual(Array(2).fill("keystone.cloudpass-test.invalid:443"));
    } finally {
      restore();
    }
  });

  test("no proxy set: Node's own ways are left alone", () => {
    expect(proxiesOf({ NO_PROXY: "x", HTTP_PROXY: "", https_proxy: " " })).toBeUndefined();
    expect(proxiesOf({ HTTPS_PROXY: "p:1", NO_PROXY: " * " })).toEqual({ HTTPS_PROXY: "http://p:1", NO_PROXY: "*" });
  });
});

describe("the system's store of authorities", { timeout: 60_000 }, () => {
  test("a company's authority in it is trusted without --ca-file, and with one besides it", async () => {
    const system = { HTTPS_PROXY: proxy.address, HOME: home, XDG_STATE_HOME: home };
    const args = ["login", "--device", "--issuer", issuer];
    const stranger = await runCommand(args, { env: { ...system, SSL_CERT_FILE: "/dev/null" } });
    expect(stranger.err).toMatch(/cannot be reached \(\w*(SIGNATURE|ISSUER|CERT)\w*\)/);
    const env = { ...system, SSL_CERT_FILE: join(home, "ca.pem") };
    expect((await runCommand(args, { env })).err).toContain(arrived);
    const other = makeCertificate({ name: "Other CA", ends: 30, isAuthority: true });
    await writeFile(join(home, "other.pem"), other.cert);
    expect((await runCommand([...args, "--ca-file", join(home, "other.pem")], { env })).err).toContain(arrived);
  });
});
