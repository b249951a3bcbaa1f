import { expect, test } from "vitest";
import { loadConfig, loadEnvironment } from "../../../src/config/index.ts";
import { instant } from "../../../src/core/index.ts";
import { loadPolicy } from "../../../src/policy/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { blocksOf } from "../../support/how-to.ts";

const [targets = "", broker = "", environment = "", policy = ""] = blocksOf("open-the-console.md", "yaml");

test("the policy files of the page about the console hold, and give what it says", () => {
  const loaded = loadPolicy([
    { file: "targets.yaml", text: targets },
    { file: "customer-a/policy.yaml", text: policy },
  ]);
  if (!loaded.ok) throw new Error(loaded.refusal.map(formatProblem).join("\n"));
  const decision = loaded.value.decide({
    tenant: "customer-a" as never,
    identityProvider: "customer-a-idp" as never,
    claims: { groups: ["platform"] },
    amr: [],
    loginMethod: "browser",
    client: "console",
    at: instant(1_790_000_000),
  });
  expect(decision).toMatchObject({ entitlements: [{ target: "console", role: "tenant-manager" }] });
});

test("so does its part of broker.yaml", () => {
  const usual = `issuer: https://login.example
masterKey: {env: KEY}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
`;
  const config = loadConfig(`${usual}${broker}`, "/etc/cloudpass/broker.yaml", () => "k".repeat(48));
  expect(config.ok ? config.value.policyRepository : config.refusal.map(formatProblem)).toMatchObject({
    folder: "/etc/cloudpass/policies.git",
    branch: "main",
  });
});

test("and the line of the environment file", () => {
  const text = `kind: Environment\nissuer: https://login.example\n${environment}`;
  const loaded = loadEnvironment(text, "/etc/cloudpass/environment.yaml", () => undefined);
  expect(loaded.ok && loaded.value.policyRepository).toBe("/etc/cloudpass/policies.git");
});
