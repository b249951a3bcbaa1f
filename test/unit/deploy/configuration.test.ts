import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { type BrokerConfig, loadConfig, loadEnvironment } from "../../../src/config/index.ts";
import type { Result } from "../../../src/core/index.ts";
import { loadPolicy } from "../../../src/policy/index.ts";
import { loadRealms } from "../../../src/realms/index.ts";
import { formatProblem, type Lookup, type Problem } from "../../../src/yaml/index.ts";
import { at, read } from "./place.ts";

function must<T>(result: Result<T, Problem[]>): T {
  if (result.ok) return result.value;
  throw new Error(result.refusal.map(formatProblem).join("\n"));
}

const secrets: Lookup = (reference) =>
  "file" in reference && basename(reference.file) === "redis-url"
    ? "redis://:password@redis.internal:6379"
    : "s".repeat(64);

const config = (path: string): BrokerConfig => must(loadConfig(read(path), at(path), secrets));
const filesOf = (folder: string) =>
  readdirSync(at(folder))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => ({ file: `${folder}/${name}`, text: read(`${folder}/${name}`) }));

describe("the example configurations", () => {
  for (const path of ["deploy/broker.yaml", "deploy/compose/broker.yaml"]) {
    test(`${path} loads, with Redis and without a weaker setting`, () => {
      const { store, issuer, allowInsecureLoopback, upstream } = config(path);
      expect(store.kind).toBe("redis");
      expect(issuer).toMatch(/^https:/);
      expect([allowInsecureLoopback, upstream.allowInsecureLoopback]).toEqual([false, false]);
    });
  }

  test("both examples speak of the same broker and realm", () => {
    const [machine, container] = [config("deploy/broker.yaml"), config("deploy/compose/broker.yaml")];
    expect(container.issuer).toBe(machine.issuer);
    expect(container.upstream.issuer).toBe(machine.upstream.issuer);
  });

  test("the environment of the operator commands loads and knows every target and Keycloak of the examples", () => {
    const path = "deploy/environment.yaml";
    const environment = must(loadEnvironment(read(path), at(path), secrets));
    const policy = must(loadPolicy(filesOf("policies")));
    const lookup: Lookup = (r) => ("env" in r && r.env.endsWith("ISSUER") ? "https://idp.example/realms/x" : "secret");
    const realms = must(loadRealms(filesOf("realms"), lookup));
    const known = [...Object.keys(environment.clouds), ...Object.keys(environment.clusters)];
    expect(known.sort()).toEqual([...policy.targets.keys()].filter((name) => name !== "console").sort());
    expect(realms.map((r) => r.keycloak).filter((name) => !(name in environment.keycloaks))).toEqual([]);
    expect(environment.issuer).toBe(config("deploy/broker.yaml").issuer);
  });

  test("no example holds a secret", () => {
    const texts = ["broker.yaml", "compose/broker.yaml", "environment.yaml"].map((f) => read(`deploy/${f}`));
    const secretLines = texts.flatMap((t) =>
      t
        .split("\n")
        .filter((line) => /^\s*(masterKey|password|clientSecret|url):/.test(line) && !line.includes("https:")),
    );
    expect(secretLines.filter((line) => !/\{ (env|file): /.test(line))).toEqual([]);
  });
});
