import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCli } from "../../../src/cli/index.ts";
import { smallRealm, smallSecret } from "../../support/small-realm.ts";
import { fakeTerminal } from "./fake-terminal.ts";

// A command asks for the secrets that it uses. Seen red: each of these wanted every secret that its files name.

const policies = fileURLToPath(new URL("../../../policies", import.meta.url));
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudpass-secrets-"));
  await writeFile(at("small.yaml"), smallRealm("small"));
  await writeFile(
    at("environment.yaml"),
    `kind: Environment
issuer: https://login.example
keycloaks:
  main: {url: "http://127.0.0.1:9", username: admin, password: {env: ADMIN}}
  other: {url: "http://127.0.0.1:9", clientId: cp, clientSecret: {env: OTHER}}
clouds:
  gx1: {authUrl: "http://127.0.0.1:9/v3", username: cp, password: {env: GX1}}
  gx2: {authUrl: "http://127.0.0.1:9/v3", username: cp, password: {file: gx2-password}}
`,
  );
  await writeFile(
    at("broker.yaml"),
    `issuer: https://login.example
masterKey: {env: MASTER_KEY}
keys: keys.json
store: {kind: redis, url: {env: REDIS_URL}}
upstream: {issuer: "https://kc.example/realms/scs"}
policies: [policies]
audit: {file: audit.jsonl}
clients: [{id: portal, name: Portal, secret: {env: PORTAL}, grants: [exchange]}]
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

async function cli(argv: string, env: Readonly<Record<string, string>> = {}) {
  const terminal = fakeTerminal({ HOME: folder, ...env });
  const exitCode = await runCli(argv.split(" "), {
    version: "0.0.0",
    serve: async () => 1,
    terminal,
  });
  return { exitCode, out: terminal.out(), err: terminal.err() };
}

describe("an environment file that names clouds and Keycloaks", () => {
  const realm = { ADMIN: "the admin's password", HOME_SECRET: smallSecret };

  test.each(["plan", "drift", "apply --yes"])(
    "realms %s needs the password of its own Keycloak only",
    async (command) => {
      const asked = await cli(`realms ${command} ${at("small.yaml")} -e ${at("environment.yaml")}`, realm);
      expect(asked).toMatchObject({ exitCode: 3, err: expect.not.stringMatching(/GX1|OTHER|gx2-password/) });
    },
  );

  test("and says which it is, and where it stands, when it is not there", async () => {
    const asked = await cli(`realms plan ${at("small.yaml")} -e ${at("environment.yaml")}`, {
      HOME_SECRET: smallSecret,
    });
    expect(asked.exitCode).toBe(1);
    expect(asked.err).toMatch(
      /environment\.yaml:4.*keycloaks\.main\.password.*variable ADMIN is not set or empty; set ADMIN/s,
    );
  });

  test("policies plan needs the password of the cloud that is planned", async () => {
    const plan = (target: string) => cli(`policies plan ${policies} -e ${at("environment.yaml")} --target ${target}`);
    expect((await plan("gx1")).err).toMatch(/clouds\.gx1\.password.*variable GX1 is not set/s);
    expect((await plan("gx2")).err).toMatch(/clouds\.gx2\.password.*gx2-password cannot be read/s);
  });

  test("what only wants the clouds' addresses needs none", async () => {
    const asked = await cli(`targets render gx1 -p ${policies} -e ${at("environment.yaml")}`);
    expect(asked).toMatchObject({ exitCode: 0, err: expect.not.stringContaining("GX1") });
  });
});

test("a cluster's kubeconfig for its users has the authority that ours names, and is made without ours, too", async () => {
  const ours = (ca: string) => `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://k8s.example", certificate-authority-data: ${ca}}}]
users: [{name: u, user: {token: t0ken-canary}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;
  await writeFile(
    at("clusters.yaml"),
    "kind: Environment\nissuer: https://login.example\nclusters: {prod1: {kubeconfig: prod1.kubeconfig}}\n",
  );
  const render = () => cli(`targets render prod1 -p ${policies} -e ${at("clusters.yaml")}`);
  expect((await render()).out).toContain("add certificate-authority-data");
  await writeFile(at("prod1.kubeconfig"), ours(Buffer.from("the authority").toString("base64")));
  const { out } = await render();
  expect(out).toContain(`"certificate-authority-data":"${Buffer.from("the authority").toString("base64")}"`);
  expect(out).not.toMatch(/t0ken-canary|add certificate-authority-data/);
});

describe("a broker's configuration with a master key, a store and clients", () => {
  test("keys create and keys list of a key file need no secret but the audit's", async () => {
    expect((await cli(`keys create --config ${at("broker.yaml")}`)).err).toMatch(/masterKey.*MASTER_KEY is not set/s);
    const master = { MASTER_KEY: "m".repeat(48) };
    expect(await cli(`keys create --config ${at("broker.yaml")}`, master)).toMatchObject({ exitCode: 0 });
    expect(await cli(`keys list --config ${at("broker.yaml")}`)).toMatchObject({ exitCode: 0 });
  });

  test("audit verify needs the master key, and neither the store nor a client's secret", async () => {
    const verified = await cli(`audit verify --config ${at("broker.yaml")}`, { MASTER_KEY: "m".repeat(48) });
    expect(verified).toMatchObject({ exitCode: 0, out: expect.stringContaining("whole") });
    const short = await cli(`audit verify --config ${at("broker.yaml")}`, { MASTER_KEY: "short" });
    expect(short.err).toContain("the master key is shorter than 32 characters");
  });

  test("config check and the start need all: they say each that is missing at once", async () => {
    const checked = await cli(`config check ${at("broker.yaml")}`);
    expect(checked.exitCode).toBe(1);
    for (const name of ["MASTER_KEY", "REDIS_URL", "PORTAL"]) expect(checked.err).toContain(`${name} is not set`);
  });
});
