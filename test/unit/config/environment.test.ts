import { describe, expect, test } from "vitest";
import { loadEnvironment } from "../../../src/config/index.ts";

const text = (more: object) =>
  JSON.stringify({
    kind: "Environment",
    issuer: "https://login.example",
    keycloaks: { main: { url: "https://kc.example", username: "admin", password: { env: "KC" } } },
    clouds: { gx1: { authUrl: "https://gx1.example/v3", username: "cp", password: { env: "OS" } } },
    clusters: { prod1: { kubeconfig: "kube.yaml" } },
    ...more,
  });
const load = (more: object, env: Record<string, string> = { KC: "a", OS: "b" }) =>
  loadEnvironment(text(more), "/etc/cloudpass/env.yaml", (r) => ("env" in r ? env[r.env] : undefined));

describe("the environment file", () => {
  test("gives connections with hidden secrets and absolute paths", () => {
    const loaded = load({ caFile: "ca.pem" });
    expect(loaded.ok && loaded.value).toMatchObject({
      caFile: "/etc/cloudpass/ca.pem",
      keycloaks: { main: { realm: "master", credentials: { kind: "password", username: "admin" } } },
      clouds: { gx1: { userDomain: "Default", projectDomain: "Default" } },
      clusters: { prod1: { kubeconfigFile: "/etc/cloudpass/kube.yaml" } },
    });
    expect(JSON.stringify(loaded)).not.toMatch(/"(a|b)"/);
  });

  test.each<[string, object, Record<string, string>, string[]]>([
    ["no account", { keycloaks: { main: { url: "https://kc.example" } } }, { OS: "b" }, ["keycloaks.main"]],
    [
      "half an account",
      { keycloaks: { main: { url: "https://kc.example", clientId: "x" } } },
      { OS: "b" },
      ["keycloaks.main"],
    ],
    ["secrets that are not there, all at once", {}, {}, ["keycloaks.main.password", "clouds.gx1.password"]],
    [
      "a name that is none",
      { clouds: { "GX 1": { authUrl: "https://x", username: "x", password: { env: "OS" } } } },
      { KC: "a" },
      ["clouds.GX 1"],
    ],
  ])("refuses %s", (_what, more, env, paths) => {
    const loaded = load(more, env);
    expect(!loaded.ok && loaded.refusal.map((p) => p.path)).toEqual(paths);
  });

  test("a command asks for the secrets that it uses, and the one that is missing is named with its place", () => {
    const lookup = (r: object) => ("env" in r && r.env === "KC" ? "a" : undefined);
    const loaded = loadEnvironment(text({}), "/etc/cloudpass/env.yaml", lookup, "when used");
    const { credentials } = loaded.ok ? (loaded.value.keycloaks["main"] ?? {}) : {};
    expect(credentials?.kind === "password" && credentials.password.reveal()).toBe("a");
    expect(() => loaded.ok && loaded.value.clouds["gx1"]?.password.reveal()).toThrow(
      /env\.yaml:1: reading the secret clouds\.gx1\.password failed: the environment variable OS is not set or empty; set OS/,
    );
    expect(JSON.stringify(loaded)).not.toContain('"a"');
  });
});
