import { describe, expect, test } from "vitest";
import { type BrokerConfig, loadConfig } from "../../../src/config/index.ts";
import { formatProblem, type Lookup, type Problem } from "../../../src/yaml/index.ts";

const found: Lookup = (r) =>
  "env" in r ? { KEY: "k".repeat(48), SHORT: "short", BLANK: " ", REDIS: "redis://r" }[r.env] : undefined;
const minimal = {
  issuer: "https://login.example",
  masterKey: { env: "KEY" },
  keys: "keys.json",
  upstream: { issuer: "https://kc.example/realms/scs" },
  policies: ["policies"],
};

const load = (more: object, lookup = found) =>
  loadConfig(JSON.stringify({ ...minimal, ...more }), "/etc/cloudpass/broker.yaml", lookup);

function accepted(more: object): BrokerConfig {
  const config = load(more);
  if (!config.ok) throw new Error(config.refusal.map(formatProblem).join("\n"));
  return config.value;
}

function refused(more: object): Problem[] {
  const config = load(more);
  if (config.ok) throw new Error("accepted");
  return config.refusal;
}

const loopback = { issuer: "http://127.0.0.1:8443", allowInsecureLoopback: true };
const upstream = minimal.upstream;
const plain = { profile: undefined, pkce: "optional" };
const fapi = {
  ...{ id: "x", name: "X", profile: "fapi2", jwks: "keys.json" },
  ...{ grants: ["authorization-code", "refresh"], redirectUris: ["https://x.example/callback"] },
};

describe("a relation between fields, broken once, is one problem with its place and remedy:", () => {
  test.each<[string, object, string, RegExp]>([
    [
      "a reconcile that never rests",
      { reconcile: { environment: "e.yaml", every: "10s" } },
      "reconcile.every",
      /a load on them/,
    ],
    ["a push that never rests", { push: { every: "5s" } }, "push.every", /a load on the identity providers/],
    ["a slash at the issuer's end", { issuer: "https://login.example/" }, "issuer", /byte for byte/],
    ["a query in the issuer", { issuer: "https://login.example?x=1" }, "issuer", /byte for byte/],
    ["a fragment in the issuer", { issuer: "https://login.example#x" }, "issuer", /byte for byte/],
    ["capitals in the issuer", { issuer: "https://Login.example" }, "issuer", /byte for byte/],
    ["a default port in the issuer", { issuer: "https://login.example:443" }, "issuer", /byte for byte/],
    ["a user in the issuer", { issuer: "https://me:secret@login.example" }, "issuer", /byte for byte/],
    ["a path in the issuer", { issuer: "https://login.example/auth" }, "issuer", /below a path/],
    ["http", { issuer: "http://login.example" }, "issuer", /http is only allowed/],
    ["http on loopback without its name", { issuer: "http://127.0.0.1:1" }, "issuer", /http is only allowed/],
    [
      "the weaker setting where it is not needed",
      { allowInsecureLoopback: true },
      "allowInsecureLoopback",
      /this machine/,
    ],
    ["http for the realm", { upstream: { issuer: "http://kc.example" } }, "upstream.issuer", /http is only allowed/],
    [
      "http for a realm elsewhere, by the weaker setting",
      { upstream: { issuer: "http://kc.example", allowInsecureLoopback: true } },
      "upstream.issuer",
      /http is only allowed/,
    ],
    [
      "a host that only looks like loopback",
      { upstream: { issuer: "http://127.0.0.1.evil.example", allowInsecureLoopback: true } },
      "upstream.issuer",
      /http is only allowed/,
    ],
    ["no openid scope", { upstream: { ...upstream, scopes: ["profile"] } }, "upstream.scopes", /"openid" is needed/],
    [
      "an access token of 16 minutes",
      { lifetimes: { accessToken: "16m" } },
      "lifetimes.accessToken",
      /15 minutes at most/,
    ],
    [
      "a family shorter than its first token",
      { lifetimes: { family: "5m" } },
      "lifetimes.family",
      /may not end before/,
    ],
    ["a device code of 11 minutes", { lifetimes: { deviceCode: "11m" } }, "lifetimes.deviceCode", /between 1 and 10/],
    ["a device code of 59 seconds", { lifetimes: { deviceCode: "59s" } }, "lifetimes.deviceCode", /between 1 and 10/],
    ["a session shorter than a sign-in", { lifetimes: { session: "9m" } }, "lifetimes.session", /must outlive/],
    [
      "a session that ends while one reads",
      { lifetimes: { sessionIdle: "1m" } },
      "lifetimes.sessionIdle",
      /two minutes/,
    ],
    ["an interval of 31 seconds", { device: { interval: "31s" } }, "device.interval", /30 seconds/],
    [
      "a client twice",
      {
        clients: [
          { id: "x", name: "X" },
          { id: "x", name: "Y" },
        ],
      },
      "clients",
      /must differ/,
    ],
    [
      "a redirect address with a fragment",
      { clients: [{ id: "x", name: "X", redirectUris: ["https://x.example/#a"] }] },
      "clients",
      /no fragment/,
    ],
    [
      "a redirect address by http",
      { clients: [{ id: "x", name: "X", redirectUris: ["http://127.0.0.1.evil.example/"] }] },
      "clients",
      /http is only allowed/,
    ],
    ["a client of FAPI 2.0 without a key", { clients: [{ ...fapi, jwks: undefined }] }, "clients", /key of its own/],
    [
      "a client of FAPI 2.0 with a secret",
      { clients: [{ ...fapi, jwks: undefined, secret: { env: "KEY" } }] },
      "clients",
      /key of its own/,
    ],
    ...["device", "exchange"].map((grant): [string, object, string, RegExp] => [
      `a client of FAPI 2.0 with the grant ${grant}`,
      { clients: [{ ...fapi, grants: ["authorization-code", grant] }] },
      "clients",
      /outside of the profile/,
    ]),
    ["a public client without PKCE", { clients: [{ ...fapi, ...plain, jwks: undefined }] }, "clients", /proves itself/],
    [
      "a public client without PKCE and nonce",
      { clients: [{ ...fapi, ...plain, jwks: undefined, pkce: "allow-insecure" }] },
      "clients",
      /proves itself/,
    ],
    [
      "a public client whose confirmation is remembered",
      { clients: [{ ...fapi, profile: undefined, jwks: undefined, consent: "remember" }] },
      "clients",
      /proves itself/,
    ],
    ["a client of FAPI 2.0 without PKCE", { clients: [{ ...fapi, pkce: "optional" }] }, "clients", /demands PKCE/],
    ["a client with our own name", { clients: [{ id: "cloudpass", name: "X" }] }, "clients", /must differ/],
    ["a proxy by name", { trustedProxies: ["proxy.example"] }, "trustedProxies", /address or a network/],
    ["a prefix too long", { trustedProxies: ["10.0.0.0/33"] }, "trustedProxies", /address or a network/],
    ["a prefix that is none", { trustedProxies: ["10.0.0.0/x"] }, "trustedProxies", /address or a network/],
    ["everybody as proxy", { trustedProxies: ["0.0.0.0/0"] }, "trustedProxies", /address or a network/],
    ["everybody as proxy, IPv6", { trustedProxies: ["::/0"] }, "trustedProxies", /address or a network/],
    ["a master key that is too short", { masterKey: { env: "SHORT" } }, "masterKey", /shorter than 32/],
    ["a variable that is not set", { masterKey: { env: "NOWHERE" } }, "masterKey", /NOWHERE is not set/],
    ["a variable that is blank", { masterKey: { env: "BLANK" } }, "masterKey", /BLANK is not set/],
    ["a file that is not there", { masterKey: { file: "key" } }, "masterKey", /file key cannot be read/],
    ["no address of Redis", { store: { kind: "redis", url: { env: "NOWHERE" } } }, "store.url", /NOWHERE is not set/],
  ])("%s", (_what, more, path, message) => {
    const problems = refused(more);
    expect(problems.map((p) => p.path)).toEqual([path]);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.fix).toMatch(/\w+ \S+/);
  });

  test("and all of them are told at once", () => {
    const more = {
      issuer: "http://Login.example/",
      masterKey: { env: "NOWHERE" },
      lifetimes: { accessToken: "20m", deviceCode: "1h" },
      device: { interval: "1m" },
    };
    expect(
      refused(more)
        .map((p) => p.path)
        .sort(),
    ).toEqual(["device.interval", "issuer", "issuer", "lifetimes.accessToken", "lifetimes.deviceCode", "masterKey"]);
  });
});

test("a client of FAPI 2.0 with a key and the grants of the profile is good", () => {
  expect(accepted({ clients: [fapi] }).clients[0]).toMatchObject({ profile: "fapi2" });
});

describe("shapes", () => {
  test.each<[string, object, string, RegExp]>([
    ["a literal secret", { masterKey: "k".repeat(48) }, "masterKey", /reference expected/],
    [
      "a literal address of Redis",
      { store: { kind: "redis", url: "redis://:pw@h" } },
      "store.url",
      /reference expected/,
    ],
    ["an unknown key", { isuer: "https://x" }, "isuer", /unknown key/],
    ["an unknown store", { store: { kind: "postgres" } }, "store.kind", /"postgres" is not one of memory, redis/],
    ["a length of time without unit", { lifetimes: { family: "12" } }, "lifetimes.family", /length of time/],
    ["a length of time as number", { lifetimes: { family: 12 } }, "lifetimes.family", /string expected, found number/],
    ["no policies", { policies: [] }, "policies", /./],
    ["an issuer that is no address", { issuer: "login.example" }, "issuer", /http\(s\) address expected/],
    ["an issuer of another scheme", { issuer: "file:///etc/passwd" }, "issuer", /http\(s\) address expected/],
    ...["/callback", "javascript:alert(1)", "myapp:/callback"].map((uri): [string, object, string, RegExp] => [
      `a redirect address ${uri}`,
      { clients: [{ id: "x", name: "X", redirectUris: [uri] }] },
      "clients[0].redirectUris[0]",
      /private scheme/,
    ]),
    ["a port too high", { listen: { port: 65_536 } }, "listen.port", /./],
  ])("%s is refused", (_what, more, path, message) => {
    const [problem, ...more_] = refused(more);
    expect(more_).toEqual([]);
    expect(problem?.path).toBe(path);
    expect(problem?.message).toMatch(message);
  });

  test.each([
    ["", /empty/],
    ["a: 1\n---\nb: 2", /one document/],
  ])("a file of %j is refused", (text, message) => {
    const config = loadConfig(text, "broker.yaml", found);
    expect(!config.ok && config.refusal[0]?.message).toMatch(message);
  });
});

describe("what is accepted", () => {
  test("has safe defaults, absolute paths and hidden secrets", () => {
    const config = accepted({});
    expect(config).toMatchObject({
      listen: { host: "127.0.0.1", port: 8443 },
      trustedProxies: [],
      allowInsecureLoopback: false,
      keys: "/etc/cloudpass/keys.json",
      policies: ["/etc/cloudpass/policies"],
      store: { kind: "memory" },
      lifetimes: {
        accessToken: 600,
        family: 43_200,
        deviceCode: 300,
        session: 28_800,
        sessionIdle: 1_800,
        loginAttempt: 600,
      },
      device: { interval: 5 },
      log: { level: "info" },
    });
    expect(config.upstream.scopes).toContain("offline_access");
    expect(JSON.stringify(config)).not.toContain("kkkk");
  });

  test("is frozen to the bottom", () => {
    const config = accepted({ clients: [{ id: "x", name: "X" }] });
    const frozen = (v: unknown): boolean =>
      typeof v !== "object" || v === null || (Object.isFrozen(v) && Object.values(v).every(frozen));
    expect(frozen(config)).toBe(true);
  });

  test.each<[string, object]>([
    ["loopback by name", { ...loopback, issuer: "http://localhost:1" }],
    ["loopback by IPv6", { ...loopback, issuer: "http://[::1]:1" }],
    ["loopback elsewhere in 127/8", { ...loopback, issuer: "http://127.1.2.3:1" }],
    ["a port", { issuer: "https://login.example:8443" }],
    ["proxies by address and network", { trustedProxies: ["10.0.0.7", "10.0.0.0/8", "fd00::1", "fd00::/64"] }],
    [
      "redirect addresses by https, on loopback, by a private scheme",
      {
        clients: [
          {
            id: "x",
            name: "X",
            redirectUris: ["https://x.example/", "http://127.0.0.1/", "http://[::1]:1/", "com.example.app:/callback"],
          },
        ],
      },
    ],
  ])("%s, as it is written", (_what, more) => expect(accepted(more)).toMatchObject(more));

  test("Redis by reference, with what is behind it", () => {
    const { store } = accepted({ store: { kind: "redis", url: { env: "REDIS" } } });
    expect(store.kind === "redis" && store.url.reveal()).toBe("redis://r");
  });
});

describe("keeping targets in step", () => {
  test("is off unless it is asked for, and then only reports, every five minutes", () => {
    expect([accepted({}).reconcile, accepted({}).metrics]).toEqual([undefined, undefined]);
    expect(accepted({ reconcile: { environment: "e.yaml" }, metrics: {} })).toMatchObject({
      reconcile: { environment: "/etc/cloudpass/e.yaml", mode: "report", every: 300, maxDeletes: 20 },
      metrics: { host: "127.0.0.1", port: 9464 },
    });
  });
});

describe("telling clouds what a person lost", () => {
  test("is on unless it is switched off, and asks about everybody every half minute", () => {
    expect(accepted({}).push).toEqual({ enabled: true, every: 30 });
    expect(accepted({ push: { enabled: false } }).push.enabled).toBe(false);
  });
});
