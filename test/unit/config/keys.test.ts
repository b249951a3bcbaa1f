import { describe, expect, test } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";

const base = `issuer: https://login.example
masterKey: {env: MASTER_KEY}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
`;
const redis = "store: {kind: redis, url: {env: REDIS_URL}}\n";
const load = (yaml: string) => loadConfig(base + yaml, "/etc/cloudpass/broker.yaml", () => "x".repeat(48));
const problems = (yaml: string) => {
  const loaded = load(yaml);
  return loaded.ok ? [] : loaded.refusal.map((p) => p.path);
};

describe("where the keys are", () => {
  test("is a file, relative to the configuration, or the store", () => {
    const file = load("keys: keys.json\n");
    expect(file.ok && file.value.keys).toBe("/etc/cloudpass/keys.json");
    const store = load(`keys: {store: true}\n${redis}`);
    expect(store.ok && store.value.keys).toEqual({ store: true });
    expect(problems("keys: {store: false}\n")).toEqual(["keys.store"]);
    expect(problems("keys: {file: keys.json}\n")).toEqual(["keys.store", "keys.file"]);
  });

  test("is no store that is gone with the process", () => {
    expect(problems("keys: {store: true}\n")).toEqual(["keys"]);
  });

  test("allows rotation by itself where one key set is rotated, and not several", () => {
    expect(problems("keys: keys.json\nkeyRotation: {every: 30d}\n")).toEqual([]);
    expect(problems(`keys: {store: true}\n${redis}keyRotation: {every: 30d}\n`)).toEqual([]);
    expect(problems(`keys: keys.json\n${redis}keyRotation: {every: 30d}\n`)).toEqual(["keyRotation"]);
    expect(problems("keys: keys.json\nkeyRotation: {every: 30m}\n")).toEqual(["keyRotation.every"]);
  });
});
