import { expect, test } from "vitest";
import { loadConfig } from "../../../src/config/index.ts";
import { formatProblem } from "../../../src/yaml/index.ts";
import { blocksOf } from "../../support/how-to.ts";

const usual = `issuer: https://login.example
masterKey: {env: KEY}
keys: keys.json
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
`;
const load = (yaml: string) => loadConfig(`${usual}${yaml}`, "/etc/cloudpass/broker.yaml", () => "k".repeat(48));
const problems = (yaml: string) => {
  const config = load(yaml);
  return config.ok ? [] : config.refusal.map(formatProblem);
};

test("the configuration of the page about directories is one, with the defaults that it names", () => {
  const [block = ""] = blocksOf("let-entra-or-okta-push-people.md", "yaml");
  const config = load(block);
  expect(config.ok && config.value.scim).toEqual([
    { identityProvider: "customer-a-entra", match: { attribute: "externalId", claim: "oid" }, required: true },
    {
      identityProvider: "customer-b-okta",
      match: { attribute: "userName", claim: "upstream_username" },
      required: false,
    },
  ]);
});

test("what is pushed needs a store that outlives the process; an identity provider stands there once", () => {
  expect(problems("scim: [{identityProvider: a}]")).toEqual([expect.stringContaining("outlives the process")]);
  const twice = "store: {kind: redis, url: {env: R}}\nscim: [{identityProvider: a}, {identityProvider: a}]";
  expect(problems(twice)).toEqual([expect.stringContaining("there twice")]);
});
