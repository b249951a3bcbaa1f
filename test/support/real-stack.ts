import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  createTestCa,
  freePort,
  type KeycloakRig,
  type KeystoneRig,
  type KeystoneTimes,
  type KubernetesRig,
  type ServerProcess,
  startKeycloak,
  startKeystone,
  startKubernetes,
  startServer,
  type TestCa,
  waitUntil,
} from "../rigs/index.ts";
import { type Customer, type CustomerIdp, createCustomerIdp } from "./customer-idp.ts";
import { type KeycloakAdmin, keycloakAdmin } from "./keycloak-admin.ts";
import { trust } from "./trust.ts";

/** Everything real: one Keycloak with the broker's realm and two customers' realms, two Keystones, one cluster, the broker. */
export interface RealStack {
  readonly issuer: string;
  /** Folder with `broker.yaml`, `environment.yaml`, keys and the servers' data. */
  readonly folder: string;
  readonly ca: TestCa;
  readonly keycloak: KeycloakRig;
  readonly admin: KeycloakAdmin;
  readonly clouds: { readonly gx1: KeystoneRig; readonly gx2: KeystoneRig };
  readonly cluster: KubernetesRig;
  readonly customers: { readonly a: CustomerIdp; readonly b: CustomerIdp };
  /** Environment in which the operator's commands find their secrets, and every command its trust. */
  readonly env: Readonly<Record<string, string>>;
  /** As an operator does after a new cloud or cluster. */
  restartBroker(): Promise<void>;
  stop(): Promise<void>;
}

/** Tells what is going on, and runs a `cloudpass` command of the operator. */
export interface Narrator {
  say(text: string): void;
  cloudpass(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** People of both customers: the same user names and group names on purpose. The password is the user name. */
const people = (domain: string, family: string): Customer[] =>
  [
    { username: "alice", groups: ["platform", "developers"] },
    { username: "bob", groups: ["developers"] },
    { username: "dora", groups: ["developers"] },
    { username: "guest", groups: ["visitors"] },
  ].map((p) => ({
    ...p,
    password: p.username,
    email: `${p.username}@${domain}`,
    firstName: p.username[0]?.toUpperCase() + p.username.slice(1),
    lastName: family,
  }));

/** What may differ from the example. */
export interface StackSettings {
  /** More of `broker.yaml`. */
  readonly yaml?: string;
  /** More of `environment.yaml`. */
  readonly environment?: string;
  /** Address of a Redis that keeps the broker's state; memory if not given. */
  readonly redis?: string;
  /** Folder of other policies than the project's own. */
  readonly policies?: string;
  /** Folder of other realm files than the project's own. */
  readonly realms?: string;
  /** More of `upstream` in `broker.yaml`. */
  readonly upstream?: string;
  /** More of the environment of the broker and its commands. */
  readonly env?: Readonly<Record<string, string>>;
  /** How long both Keystones honour what they know. */
  readonly keystone?: KeystoneTimes;
}

/** Starts and connects everything, by the product's own commands where the product has one. */
export async function startRealStack(
  folder: string,
  narrator: Narrator,
  settings: StackSettings = {},
): Promise<RealStack> {
  const ca = await createTestCa(join(folder, "pki"));
  await trust(ca.certFile);
  const [brokerPort, clusterPort] = [await freePort(), await freePort()];
  const issuer = `https://127.0.0.1:${brokerPort}`;
  const started: { stop(): Promise<void> }[] = [];
  const own = <T extends { stop(): Promise<void> }>(server: T): T => {
    started.push(server);
    return server;
  };
  const stop = async () => {
    // The broker first, then what it talks to: nothing is asked of a server that is gone.
    for (const server of started.reverse()) await server.stop();
  };
  try {
    narrator.say("starting Keycloak and two Keystones behind Apache …");
    const [keycloak, gx1, gx2] = await Promise.all([
      startKeycloak({ dir: join(folder, "keycloak"), truststoreFiles: [ca.certFile] }).then(own),
      cloud(folder, "gx1", issuer, ca, settings).then(own),
      cloud(folder, "gx2", issuer, ca, settings).then(own),
    ]);
    const admin = keycloakAdmin(keycloak.url, keycloak.adminUser, keycloak.adminPassword);
    const customers = await makeCustomers(admin);
    const redis = settings.redis;
    const known = environmentOf(issuer, ca, keycloak, gx1, customers);
    const env = { ...known, ...(redis && { REDIS_URL: redis }), ...settings.env };
    const policies = settings.policies ?? "policies";
    const realms = resolve(root, settings.realms ?? "realms");
    await writeFiles(folder, {
      issuer,
      brokerPort,
      clusterPort,
      ca,
      keycloak,
      gx1,
      gx2,
      ...settings,
      policies,
      realms,
    });
    const environment = join(folder, "environment.yaml");
    narrator.say("the realm, from realms/scs.yaml:");
    await narrator.cloudpass(["realms", "apply", realms, "--environment", environment, "--yes"], env);
    await narrator.cloudpass(["keys", "create", join(folder, "keys.json")], env);
    narrator.say("starting the broker …");
    const { restart: restartBroker } = own(await startBroker(folder, issuer, env));
    for (const rig of [gx1, gx2]) await putSnippet(rig, issuer, environment, narrator, env);
    const cluster = own(await startCluster(folder, clusterPort, ca, environment, narrator, env));
    narrator.say("rights on both clouds and the cluster, from policies/:");
    await writeEnvironment(folder, { issuer, ca, keycloak, gx1, gx2, ...settings }, cluster);
    const apply = () => narrator.cloudpass(["policies", "apply", policies, "--environment", environment, "--yes"], env);
    // A broker with `reconcile` applies, too, and may have been faster at the one or other: then the plan is made anew.
    await apply().catch(apply);
    const clouds = { gx1, gx2 };
    return { issuer, folder, ca, keycloak, admin, clouds, cluster, customers, env, restartBroker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const cloud = (folder: string, name: string, issuer: string, ca: TestCa, { keystone }: StackSettings) =>
  startKeystone({
    ...(keystone && { times: keystone }),
    dir: join(folder, name),
    name,
    issuer,
    jwksUri: `${issuer}/jwks`,
    audience: name,
    caFile: ca.certFile,
  });

async function makeCustomers(admin: KeycloakAdmin): Promise<RealStack["customers"]> {
  const common = { brokerRealm: `${admin.url}/realms/scs`, clientId: "cloudpass-broker" };
  const a = await createCustomerIdp(admin, {
    ...common,
    realm: "customer-a",
    alias: "customer-a-idp",
    clientSecret: "secret-of-customer-a",
    people: people("a.example", "Ahrens"),
  });
  const b = await createCustomerIdp(admin, {
    ...common,
    realm: "customer-b",
    alias: "customer-b-idp",
    clientSecret: "secret-of-customer-b",
    people: people("b.example", "Ziegler"),
  });
  return { a, b };
}

function environmentOf(
  issuer: string,
  ca: TestCa,
  keycloak: KeycloakRig,
  keystone: KeystoneRig,
  customers: RealStack["customers"],
): Record<string, string> {
  return {
    CLOUDPASS_ISSUER: issuer,
    CLOUDPASS_MASTER_KEY: "a-master-key-that-only-this-run-knows-0123456789",
    CUSTOMER_A_IDP_ISSUER: customers.a.issuer,
    CUSTOMER_A_IDP_SECRET: "secret-of-customer-a",
    CUSTOMER_B_IDP_ISSUER: customers.b.issuer,
    CUSTOMER_B_IDP_SECRET: "secret-of-customer-b",
    KEYCLOAK_ADMIN_PASSWORD: keycloak.adminPassword,
    KEYSTONE_ADMIN_PASSWORD: keystone.adminPassword,
    NODE_EXTRA_CA_CERTS: ca.certFile,
  };
}

interface Addresses {
  readonly issuer: string;
  readonly brokerPort: number;
  readonly clusterPort: number;
  readonly ca: TestCa;
  readonly keycloak: KeycloakRig;
  readonly gx1: KeystoneRig;
  readonly gx2: KeystoneRig;
  readonly policies: string;
  readonly realms: string;
  readonly upstream?: string;
  readonly redis?: string;
  readonly yaml?: string;
  readonly environment?: string;
}

async function writeFiles(folder: string, a: Addresses): Promise<void> {
  const tls = await a.ca.issue({ name: "broker" });
  const yaml = `issuer: ${a.issuer}
listen: {port: ${a.brokerPort}, tls: {cert: "${tls.certFile}", key: "${tls.keyFile}"}}
masterKey: {env: CLOUDPASS_MASTER_KEY}
keys: keys.json
store: ${a.redis === undefined ? "{kind: memory}" : "{kind: redis, url: {env: REDIS_URL}}"}
upstream: {issuer: "${a.keycloak.url}/realms/scs", allowInsecureLoopback: true${a.upstream ?? ""}}
policies: ["${resolve(root, a.policies)}"]
realms: ["${a.realms}"]
endpoints: {gx1: "${a.gx1.url}", gx2: "${a.gx2.url}", prod1: "https://127.0.0.1:${a.clusterPort}"}
audit: {file: audit.jsonl}
log: {level: debug}
${a.yaml ?? ""}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "broker.yaml"), yaml);
  await writeEnvironment(folder, a);
}

/** The operator's environment file; the cluster is added once it runs. */
async function writeEnvironment(
  folder: string,
  {
    issuer,
    ca,
    keycloak,
    gx1,
    gx2,
    environment = "",
  }: Omit<Addresses, "brokerPort" | "clusterPort" | "policies" | "realms">,
  cluster?: KubernetesRig,
): Promise<void> {
  const account = "username: admin, password: {env: KEYSTONE_ADMIN_PASSWORD}, project: admin";
  const yaml = `kind: Environment
issuer: ${issuer}
caFile: ${ca.certFile}
keycloaks:
  main: {url: "${keycloak.url}", username: ${keycloak.adminUser}, password: {env: KEYCLOAK_ADMIN_PASSWORD}}
clouds:
  gx1: {authUrl: "${gx1.url}", ${account}}
  gx2: {authUrl: "${gx2.url}", ${account}}
${cluster ? `clusters:\n  prod1: {kubeconfig: "${cluster.adminKubeconfig}"}\n` : ""}${environment}`;
  await writeFile(join(folder, "environment.yaml"), yaml);
}

async function startBroker(
  folder: string,
  issuer: string,
  env: Readonly<Record<string, string>>,
): Promise<{ restart(): Promise<void>; stop(): Promise<void> }> {
  let server = await launchBroker(folder, issuer, env);
  const restart = async () => {
    await server.stop();
    server = await launchBroker(folder, issuer, env);
  };
  return { restart, stop: () => server.stop() };
}

async function launchBroker(
  folder: string,
  issuer: string,
  env: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const server = await startServer({
    name: "cloudpass",
    command: process.execPath,
    args: [join(root, "src/main.ts"), "serve", "--config", join(folder, "broker.yaml")],
    logFile: join(folder, "broker.log"),
    env,
  });
  await waitUntil({ what: "the broker is ready", servers: [server], timeoutMs: 20_000 }, async () => {
    const answer = await fetch(`${issuer}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  });
  return server;
}

/** The product's own Apache lines, in place of the rig's. */
async function putSnippet(
  rig: KeystoneRig,
  issuer: string,
  environment: string,
  narrator: Narrator,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const rendered = await rendering(rig.name, environment, narrator, env);
  const apacheSnippet = rendered.find((f) => f.file.endsWith(".apache.conf"))?.text;
  if (apacheSnippet === undefined) throw new Error(`nothing rendered for Apache of ${rig.name}`);
  await rig.reloadFront({ issuer, jwksUri: `${issuer}/jwks`, audience: rig.name, apacheSnippet });
}

async function startCluster(
  folder: string,
  port: number,
  ca: TestCa,
  environment: string,
  narrator: Narrator,
  env: Readonly<Record<string, string>>,
): Promise<KubernetesRig> {
  narrator.say("starting kube-apiserver with the AuthenticationConfiguration that cloudpass renders …");
  const rendered = await rendering("prod1", environment, narrator, env);
  const text = rendered.find((f) => f.text.includes("AuthenticationConfiguration") && f.file.endsWith(".json"))?.text;
  if (text === undefined) throw new Error("nothing rendered for the API server");
  const authenticationConfiguration = JSON.parse(text) as object;
  return startKubernetes({ dir: join(folder, "prod1"), authenticationConfiguration, ca, port });
}

async function rendering(
  target: string,
  environment: string,
  narrator: Narrator,
  env: Readonly<Record<string, string>>,
): Promise<{ file: string; text: string }[]> {
  const args = ["targets", "render", target, "--environment", environment, "--output", "json"];
  return JSON.parse(await narrator.cloudpass(args, env)) as { file: string; text: string }[];
}
