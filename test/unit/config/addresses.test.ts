import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfig, loadEnvironment } from "../../../src/config/index.ts";

// An address that several files need may stand in one place: a variable, or the Targets.

const folder = mkdtempSync(join(tmpdir(), "cloudpass-addresses-"));
afterAll(() => rmSync(folder, { recursive: true }));

const variables = { ISSUER: "https://login.example", KEYCLOAK: "https://kc.example/", KEY: "k".repeat(48) };
const lookupIn = (env: Readonly<Record<string, string>>) => (r: object) =>
  "env" in r ? env[String(r.env)] : undefined;

const broker = (more: object, env: Readonly<Record<string, string>> = variables) =>
  loadConfig(
    JSON.stringify({
      ...{ issuer: { env: "ISSUER" }, upstream: { issuer: { env: "KEYCLOAK", path: "/realms/people" } } },
      ...{ masterKey: { env: "KEY" }, keys: "keys.json", policies: ["policies"], ...more },
    }),
    "/etc/cloudpass/broker.yaml",
    lookupIn(env),
  );

const environment = (more: object, env: Readonly<Record<string, string>> = { ...variables, OS: "b" }) =>
  loadEnvironment(
    JSON.stringify({ kind: "Environment", issuer: { env: "ISSUER" }, ...more }),
    join(folder, "environment.yaml"),
    lookupIn(env),
  );

describe("addresses in variables", () => {
  test("of the broker and of its realm, with the realm's path", () => {
    const loaded = broker({});
    expect(loaded.ok && loaded.value.issuer).toBe("https://login.example");
    expect(loaded.ok && loaded.value.upstream.issuer).toBe("https://kc.example/realms/people");
  });

  test("of a Keycloak", () => {
    const main = { url: { env: "KEYCLOAK" }, username: "admin", password: { env: "OS" } };
    const loaded = environment({ keycloaks: { main } });
    expect(loaded.ok && [loaded.value.issuer, loaded.value.keycloaks["main"]?.url]).toEqual([
      "https://login.example",
      "https://kc.example/",
    ]);
  });

  test("each that is not set is named with its place and its variable", () => {
    const loaded = broker({}, { KEY: variables.KEY, ISSUER: " " });
    expect(!loaded.ok && loaded.refusal.map(({ path, message }) => [path, message])).toEqual([
      ["issuer", "the environment variable ISSUER is not set or empty"],
      ["upstream.issuer", "the environment variable KEYCLOAK is not set or empty"],
    ]);
  });

  test.each<[string, object, string]>([
    [
      "what stands in it is checked as if it stood in the file",
      { ISSUER: "login.example" },
      "an http(s) address expected",
    ],
    ["and so are the rules of an issuer", { ISSUER: "https://login.example/" }, "an issuer is scheme, host and port"],
  ])("%s", (_what, env, message) => {
    const loaded = broker({}, { ...variables, ...env });
    expect(!loaded.ok && loaded.refusal[0]).toMatchObject({
      path: "issuer",
      message: expect.stringContaining(message),
    });
  });

  test("a key that is missing altogether is said to be missing", () => {
    const loaded = broker({ issuer: undefined });
    expect(!loaded.ok && loaded.refusal[0]).toMatchObject({
      message: expect.stringMatching(/^missing: /),
      path: "issuer",
    });
  });
});

describe("the address of a cloud", () => {
  const gx1 = { username: "cp", password: { env: "OS" } };
  writeFileSync(
    join(folder, "targets.yaml"),
    "kind: Targets\nclouds: {gx1: {keystone: 'https://gx1.example/v3', roles: [reader]}}\n---\nkind: Targets\n",
  );

  test("is that of the Targets, unless another one is given", () => {
    const elsewhere = { ...gx1, authUrl: "https://inside.example/v3" };
    const of = (cloud: object) => environment({ targets: "targets.yaml", clouds: { gx1: cloud } });
    const [once, other] = [of(gx1), of(elsewhere)];
    expect(once.ok && once.value.clouds["gx1"]?.authUrl).toBe("https://gx1.example/v3");
    expect(other.ok && other.value.clouds["gx1"]?.authUrl).toBe("https://inside.example/v3");
  });

  test.each<[string, object, string]>([
    ["nothing names it", { clouds: { gx1 } }, "no address given"],
    ["the Targets have another name", { targets: "targets.yaml", clouds: { gx2: gx1 } }, "has no cloud of this name"],
    ["there are no Targets", { targets: "none.yaml", clouds: { gx1 } }, "has no cloud of this name"],
  ])("is asked for where %s", (_what, more, message) => {
    const loaded = environment(more);
    expect(!loaded.ok && loaded.refusal.map((p) => p.message).join()).toContain(message);
  });
});
