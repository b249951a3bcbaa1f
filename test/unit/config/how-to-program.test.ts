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

test.each(blocksOf("let-a-program-in.md", "yaml").map((block, n) => [n, block] as const))(
  "client %i of the page about programs on a server is one",
  (_n, block) => {
    const config = loadConfig(`${usual}${block}`, "/etc/cloudpass/broker.yaml", () => "k".repeat(48));
    expect(config.ok ? [] : config.refusal.map(formatProblem)).toEqual([]);
  },
);
