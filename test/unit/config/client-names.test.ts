import { describe, expect, test } from "vitest";
import { checkClientNames, loadConfig } from "../../../src/config/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { examples, mustLoad } from "../policy/kit.ts";
import { documentOf } from "./kit.ts";

const policy = mustLoad(examples);

/** What the check says about a client of these lines; `OK` when nothing. */
function check(client: string): string {
  const text = `issuer: https://login.example
masterKey: {env: KEY}
keys: keys.json
listen: {tls: {cert: c, key: k}}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
clients:
  - ${client.replaceAll("\n", "\n    ")}
`;
  const config = loadConfig(text, "broker.yaml", () => "m".repeat(48));
  if (!config.ok) throw new Error(config.refusal.map(formatProblem).join("\n"));
  const checked = checkClientNames(documentOf(text, "broker.yaml"), config.value, policy);
  return checked.ok ? "OK" : checked.refusal.map(formatProblem).join("\n");
}

const robot = (tenant: string, upstream: string) =>
  `id: ci
name: CI
grants: [client-credentials]
jwks: jwks.json
machine: {tenant: ${tenant}, upstream: ${upstream}}`;

describe("the names in clients", () => {
  test("may be targets, tenants and identity providers of the policy", () => {
    expect(check("{id: web, name: Web, target: gx1}")).toBe("OK");
    expect(check(robot("customer-a", "customer-a-idp"))).toBe("OK");
  });

  test.each<[string, string, RegExp]>([
    ["a target that is none", "{id: web, name: Web, target: gx9}", /^broker\.yaml:8:34: clients\[0\]\.target: .*"gx9"/],
    [
      "an exchange to none",
      "id: web\nname: Web\nsecret: {env: S}\ntargets: [gx1, gx9]",
      /^broker\.yaml:11:20: clients\[0\]\.targets\[1\]: .*"gx9"/,
    ],
    [
      "introspection for none",
      "id: web\nname: Web\nsecret: {env: S}\nintrospects: [prod9]",
      /^broker\.yaml:11:19: [\s\S]*did you mean "prod1"/,
    ],
    [
      "a target's own id",
      "{id: gx1, name: Web}",
      /^broker\.yaml:8:10: clients\[0\]\.id: .*"gx1" has a client[\s\S]*use another id with target: gx1/,
    ],
    ["no tenant", robot("customer-x", "customer-a-idp"), /^broker\.yaml:12:23: .*no tenant "customer-x"/],
    [
      "another tenant's door",
      robot("customer-a", "customer-b-idp"),
      /^broker\.yaml:12:45: .*none of the identity providers of tenant customer-a/,
    ],
  ])("are refused with their place: %s", (_what, client, message) => expect(check(client)).toMatch(message));

  test("are all told at once", () => {
    expect(check("{id: gx1, name: Web, target: gx9}").match(/^broker\.yaml:/gm)).toHaveLength(2);
  });
});
