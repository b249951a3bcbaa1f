import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { proxyFor } from "../../../src/cli/network.ts";
import { freePort } from "../../rigs/support/free-port.ts";
import { makeCertificate } from "../../support/certificates.ts";
import { fakeTerminal } from "../../unit/cli/fake-terminal.ts";

// A broker, a Keycloak and an identity provider that say what a test wants; files of `cloudpass init`; faults planted one by
// one. Each remedy that is a command is typed as it was printed.

type Said = { status?: number; json?: object; date?: Date };
let folder: string;
let env: Record<string, string>;
const servers: Server[] = [];
const said = new Map<string, Said>();

function speak(path: string): Said {
  return said.get(path) ?? { status: 404, json: {} };
}

const open = (server: Server): Promise<string> =>
  new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`)),
  );

async function play(): Promise<string> {
  const server = createServer((request, response) => {
    const { status = 200, json, date } = speak(`${request.headers.host}${request.url}`);
    if (date) response.setHeader("date", date.toUTCString());
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
  });
  servers.push(server);
  return open(server);
}

let [broker, keycloak, customer] = ["", "", ""];
beforeAll(async () => {
  [broker, keycloak, customer] = [await play(), await play(), await play()];
});
afterAll(() => {
  for (const server of servers) server.close();
});

const discovery = (issuer: string, more: object = {}) => ({
  issuer,
  ...{ authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` },
  ...{ userinfo_endpoint: `${issuer}/userinfo`, response_types_supported: ["code"] },
  ...{ subject_types_supported: ["public"], id_token_signing_alg_values_supported: ["RS256"], ...more },
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-doctor-"));
  env = { HOME: folder };
  const [issuer, realm] = [`http://${broker}`, `http://${keycloak}/realms/cloudpass`];
  said.clear();
  said.set(`${broker}/.well-known/openid-configuration`, { json: { issuer } });
  said.set(`${keycloak}/realms/cloudpass/.well-known/openid-configuration`, { json: discovery(realm) });
  said.set(`${keycloak}/realms/cloudpass/token`, { status: 400, json: { error: "invalid_grant" } });
  await cloudpass(
    ...[
      "init",
      folder,
      "--issuer",
      issuer,
      "--keycloak",
      `http://${keycloak}`,
      "--cloud",
      "gx1=https://gx1.example/v3",
    ],
    ...["--customer", `acme=acme.example,http://${customer}/realms/acme`],
  );
  for (const [, name = "", value] of (await text("cloudpass.env")).matchAll(/^(\w+)=(.*)$/gm))
    env[name] = value || "set";
  await cloudpass("keys", "create", join(folder, "keys.json"));
  return () => rm(folder, { recursive: true, force: true });
});

const text = (name: string) => readFile(join(folder, name), "utf8");
const change = async (name: string, from: string | RegExp, to: string) =>
  writeFile(join(folder, name), (await text(name)).replace(from, to));

async function cloudpass(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal(env);
  const code = await runCli(argv, { version: "0.0.0", serve: async () => 0, terminal });
  return { code, out: terminal.out(), err: terminal.err() };
}

interface Found {
  readonly level: string;
  readonly about: string;
  readonly says: string;
  readonly remedy?: string;
}

/** The doctor's report, by what was looked at. */
async function doctor(): Promise<{ code: number; of: (about: string) => Found | undefined; all: Found[] }> {
  const { code, out } = await cloudpass("doctor", "broker", "--config", join(folder, "broker.yaml"), "-o", "json");
  const { findings } = JSON.parse(out) as { findings: Found[] };
  return {
    code,
    of: (about) =>
      findings.find((f) => f.about === about && f.level !== "ok") ?? findings.find((f) => f.about === about),
    all: findings,
  };
}

describe("the doctor of the broker", () => {
  test("walks the whole chain, and finds nothing where there is nothing but the customer's part", async () => {
    const { all, of } = await doctor();
    const good = ["configuration", "broker", "broker: issuer", "Keycloak", "Keycloak: realm", "Keycloak: client key"];
    for (const about of [...good, "signing keys", "audit", "mail"])
      expect(of(about), about).toMatchObject({ level: "ok" });
    expect(of("broker: clock")).toMatchObject({ level: "ok" });
    expect(of("store")).toMatchObject({ level: "warn", says: expect.stringContaining("memory") });
    expect(all.filter((f) => f.level !== "ok" && f.remedy === undefined)).toEqual([]);
    expect(all.filter((f) => f.level === "fail").every((f) => f.about.startsWith("identity provider acme-idp"))).toBe(
      true,
    );
  });

  test.each<[string, string, () => Promise<unknown> | unknown, RegExp, RegExp]>([
    [
      "a realm that is not there",
      "Keycloak: realm",
      () => said.delete(`${keycloak}/realms/cloudpass/.well-known/openid-configuration`),
      /there is no realm at/,
      /cloudpass realms apply --environment environment\.yaml/,
    ],
    [
      "a Keycloak that calls itself otherwise",
      "Keycloak: realm",
      () =>
        said.set(`${keycloak}/realms/cloudpass/.well-known/openid-configuration`, { json: discovery("https://kc") }),
      /calls itself https:\/\/kc/,
      /KC_HOSTNAME/,
    ],
    [
      "a key that Keycloak does not know",
      "Keycloak: client key",
      () => said.set(`${keycloak}/realms/cloudpass/token`, { status: 401, json: { error: "invalid_client" } }),
      /refuses the client cloudpass with our key/,
      /upstream\/jwks/,
    ],
    [
      "something else at the broker's address",
      "broker: issuer",
      () => said.set(`${broker}/.well-known/openid-configuration`, { json: { welcome: "to nginx" } }),
      /something else than this broker/,
      /lead the whole host/,
    ],
    [
      "a proxy with nothing behind it",
      "broker",
      () => said.set(`${broker}/.well-known/openid-configuration`, { status: 502 }),
      /answers 502: nothing behind it does/,
      /cloudpass serve --config/,
    ],
    [
      "clocks that are apart",
      "Keycloak: clock",
      () =>
        said.set(`${keycloak}/realms/cloudpass/.well-known/openid-configuration`, {
          json: discovery(`http://${keycloak}/realms/cloudpass`),
          date: new Date(Date.now() - 600_000),
        }),
      /60\d s behind ours/,
      /NTP/,
    ],
    [
      "a Keycloak that is not running",
      "Keycloak",
      async () => (env["KEYCLOAK_URL"] = `http://127.0.0.1:${await freePort()}`),
      /nothing listens at 127\.0\.0\.1:\d+/,
      /start Keycloak/,
    ],
    [
      "a name that nobody knows",
      "Keycloak: DNS",
      () => (env["KEYCLOAK_URL"] = "https://keycloak.invalid"),
      /keycloak\.invalid has no address here/,
      /add keycloak\.invalid to DNS/,
    ],
    [
      "a mail server that is not there",
      "mail",
      () => change("broker.yaml", "audit:", "notices: {mail: {host: 127.0.0.1, port: 1, from: a@b.example}}\naudit:"),
      /it does not talk to us/,
      /see that 127\.0\.0\.1:1 runs/,
    ],
    [
      "a Redis that is not there",
      "store",
      async () => {
        env["REDIS_URL"] = "redis://127.0.0.1:1";
        await change("broker.yaml", "store: { kind: memory }", "store: { kind: redis, url: { env: REDIS_URL } }");
      },
      /redis/,
      /start Redis/,
    ],
    [
      "a proxy that nobody trusts",
      "proxy",
      async () => {
        env["CLOUDPASS_ISSUER"] = "https://login.invalid";
        await change("broker.yaml", /allowInsecureLoopback: true\nlisten/, "listen");
      },
      /a proxy must end TLS, and none is trusted/,
      /trustedProxies/,
    ],
  ])("finds %s, and says what to do", async (_what, about, plant, message, remedy) => {
    await plant();
    const found = (await doctor()).of(about);
    expect(found).toMatchObject({ says: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });
    expect(found?.level).not.toBe("ok");
  });

  test("of a variable that is not set it says which, and looks at the rest", async () => {
    delete env["MASTER_KEY"];
    const { code, of } = await doctor();
    expect(code).toBe(1);
    expect(of("configuration")).toMatchObject({
      level: "fail",
      says: expect.stringContaining("MASTER_KEY is not set"),
    });
    expect(of("Keycloak: realm")).toMatchObject({ level: "ok" });
  });

  test("a certificate of an authority that this machine does not trust", async () => {
    const { cert, key } = makeCertificate({ name: "kc", ends: 90, hosts: ["127.0.0.1"] });
    const server = createTlsServer({ cert, key });
    servers.push(server);
    env["KEYCLOAK_URL"] = `https://${await open(server)}`;
    const found = (await doctor()).of("Keycloak");
    expect(found).toMatchObject({
      says: expect.stringContaining("authority is not trusted"),
      remedy: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
  });
});

describe("remedies that are commands, typed as they were printed", () => {
  const commandIn = (found: Found | undefined): string[] =>
    /(cloudpass .*)$/
      .exec(found?.remedy ?? "")?.[1]
      ?.split(" ")
      .slice(1) ?? [];

  test("keys that are not there are made", async () => {
    await rm(join(folder, "keys.json"));
    const found = (await doctor()).of("signing keys");
    expect(found).toMatchObject({ level: "fail" });
    expect(commandIn(found).slice(0, 2)).toEqual(["keys", "create"]);
    expect((await cloudpass(...commandIn(found))).code).toBe(0);
    expect((await doctor()).of("signing keys")).toMatchObject({ level: "ok" });
  });

  test("a folder of the audit that is not there is made", async () => {
    await change("broker.yaml", "audit.jsonl }", "log/audit.jsonl }");
    const found = (await doctor()).of("audit");
    const made = /mkdir -p (.*)$/.exec(found?.remedy ?? "")?.[1] ?? "";
    expect(made).toBe(join(folder, "log"));
    await import("node:fs/promises").then(({ mkdir }) => mkdir(made, { recursive: true }));
    expect((await doctor()).of("audit")).toMatchObject({ level: "ok" });
  });
});

describe("a report on a terminal", () => {
  const shown = async (more: Record<string, string>) => {
    const terminal = fakeTerminal({ ...env, TERM: "xterm", ...more }, { tty: true });
    await runCli(["doctor", "broker", "-c", join(folder, "broker.yaml")], {
      version: "0",
      serve: async () => 0,
      terminal,
    });
    return terminal.out();
  };

  test("has colours, and none where somebody asked for none", async () => {
    expect(await shown({})).toContain("  \u001b[32mok\u001b[0m    configuration");
    expect(await shown({ NO_COLOR: "1" })).not.toContain("\u001b");
    expect(await shown({ TERM: "dumb" })).not.toContain("\u001b");
  });
});

test.each([
  ["https://a.example", { HTTPS_PROXY: "http://u:secret@proxy.example:3128" }, "http://proxy.example:3128"],
  ["https://a.example", { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: ".example" }, undefined],
  ["https://a.example", { HTTPS_PROXY: "http://proxy.example:3128", no_proxy: "*" }, undefined],
  [
    "https://xa.example",
    { HTTPS_PROXY: "http://proxy.example:3128", NO_PROXY: "a.example" },
    "http://proxy.example:3128",
  ],
  ["http://127.0.0.1:80", { HTTP_PROXY: "http://proxy.example:3128" }, undefined],
  ["https://a.example", {}, undefined],
])("%s with %o is asked by %s", (url, variables, proxy) => {
  expect(proxyFor(variables, url)).toBe(proxy);
});
